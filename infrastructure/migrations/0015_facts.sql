-- Facts: who held which case from when to when, and what came of it. Every number is a query over these.
-- A row is written once; an end, what was done, an exemption and a withdrawal are each set once, with their position.
-- depends: 0014_timers

-- 占有: one span of one case with one holder. Spans of a case follow one another without gap or overlap.
CREATE TABLE holding (
    log_id text COLLATE "C" NOT NULL,
    generation int NOT NULL,
    case_id uuid NOT NULL,
    case_kind text COLLATE "C" NOT NULL,     -- issue, request
    nth int NOT NULL,
    holder_kind text COLLATE "C" NOT NULL,   -- domain.statistics.holding.HolderKind
    holder text COLLATE "C" NOT NULL,        -- unit, grid or issue; '' for desks
    stage text COLLATE "C" NOT NULL,
    level text COLLATE "C" NOT NULL,
    round int NOT NULL,
    clock text COLLATE "C" NOT NULL,         -- lead: it runs; stopped: it stands; '': none
    rules text NOT NULL,                     -- edition that the lead's limit is of; '' without a clock
    place text COLLATE "C" NOT NULL,         -- as all dimensions: what it was when the span began
    unit text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL,
    known_from bigint NOT NULL,
    ended_at timestamptz,                    -- null while it lasts, as its position
    known_to bigint,
    PRIMARY KEY (log_id, generation, case_id, nth)
) WITH (fillfactor = 85);
CREATE INDEX holding_by_start ON holding (log_id, generation, started_at);
CREATE INDEX holding_lasting ON holding (log_id, generation, started_at) WHERE ended_at IS NULL;

-- 结果: one thing that came of one case, in the period of `at`.
CREATE TABLE outcome (
    log_id text COLLATE "C" NOT NULL,
    generation int NOT NULL,
    case_id uuid NOT NULL,
    case_kind text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,          -- domain.statistics.outcomes
    nth int NOT NULL,                        -- of its kind, of its case
    at timestamptz NOT NULL,
    place text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    done_at timestamptz,                     -- null until it was done, as its position
    done_in bigint,
    exempt_in bigint,                        -- from which position on the case is beside the figure
    value text COLLATE "C",                  -- null, as the rest: the events do not say
    seconds bigint,
    contacted boolean,
    solved text COLLATE "C",
    satisfaction text COLLATE "C",
    known_from bigint NOT NULL,
    known_to bigint,                         -- superseded or withdrawn
    PRIMARY KEY (log_id, generation, case_id, kind, nth)
) WITH (fillfactor = 85);
CREATE INDEX outcome_by_kind ON outcome (log_id, generation, kind, at);

-- What the projection has to remember of a case to go on with it. Nobody else reads it.
CREATE TABLE fact_case (
    log_id text COLLATE "C" NOT NULL,
    generation int NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,                  -- position of its first event
    state text NOT NULL,                     -- JSON: written and read as a whole
    PRIMARY KEY (log_id, generation, id)
) WITH (fillfactor = 70);
CREATE INDEX fact_case_by_number ON fact_case (log_id, generation, number);

CREATE VIEW served_holding AS
SELECT h.*
  FROM holding h
  JOIN projection_generation g
    ON g.log_id = h.log_id AND g.generation = h.generation AND g.projection = 'facts' AND g.state = 'active';
CREATE VIEW served_outcome AS
SELECT o.*
  FROM outcome o
  JOIN projection_generation g
    ON g.log_id = o.log_id AND g.generation = o.generation AND g.projection = 'facts' AND g.state = 'active';

-- What was passed, or was to be passed, to units whose duty lists did not hold it: few rows among many.
-- depends: 0007_projection_generations

CREATE INDEX timeline_refused_attempts ON timeline (log_id, generation, happened_at)
 WHERE topic = 'duty_attempt.refused';
CREATE INDEX timeline_off_list ON timeline (log_id, generation, happened_at)
 WHERE topic = 'issue.assigned' AND facts @> '{"off_list": true}';

-- What readers read. A flagged assignment names no class of its own: it is the one the issue was last filed under.
CREATE VIEW served_duty_attempt AS
SELECT t.log_id, t.position, t.happened_at, t.recorded_at, 'refused' AS outcome, (t.facts ->> 'case')::uuid AS "case",
       t.facts ->> 'grid' AS grid, t.facts ->> 'category' AS category, t.facts -> 'units' AS units, t.by,
       t.of_unit AS asking_unit, t.facts ->> 'edition' AS edition
  FROM served_timeline t
 WHERE t.topic = 'duty_attempt.refused'
 UNION ALL
SELECT t.log_id, t.position, t.happened_at, t.recorded_at, 'flagged', t.case_id,
       reported.grid, substring(filed.category FROM '^[a-z]+-[0-9]{5}'),
       -- Of an assignment stored before it named them, the lead alone had been asked.
       coalesce(t.facts -> 'off_list_units', jsonb_build_array(t.facts -> 'lead')), t.by, t.of_unit, ''
  FROM served_timeline t
 CROSS JOIN LATERAL (
       SELECT r.facts ->> 'grid' AS grid
         FROM timeline r
        WHERE r.log_id = t.log_id AND r.generation = t.generation AND r.case_id = t.case_id AND r.version = 1
       ) AS reported
 CROSS JOIN LATERAL (
       SELECT f.facts ->> 'category' AS category
         FROM timeline f
        WHERE f.log_id = t.log_id AND f.generation = t.generation AND f.case_id = t.case_id
          AND f.version < t.version AND f.topic = 'issue.filed'
        ORDER BY f.version DESC
        LIMIT 1
       ) AS filed
 WHERE t.topic = 'issue.assigned' AND t.facts @> '{"off_list": true}';

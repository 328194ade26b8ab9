-- handled_in begins as the issue; `follow` leads it on where that issue was merged.

-- fetch --
SELECT to_json(r)::text
  FROM request_board r
 WHERE r.log_id = %(log_id)s AND r.generation = %(generation)s AND r.id = ANY(%(ids)s::uuid[])

-- begin --
COPY request_board (log_id, generation, id, number, version, stage, kind, channel, place, category, longitude,
                    latitude, subject, issue, handled_in, received_by, received_at, diversion, contacted_at,
                    fed_back_at, called_back_at, closed_at, changed_at, call_back_valid, said_contacted, said_solved,
                    said_satisfaction, round, complained_about, confidential, source, external_id, exempt,
                    exemption_asked, counted_place, limit_ended)
FROM STDIN

-- change --
UPDATE request_board AS b
   SET version = c.version, stage = c.stage, place = c.place, counted_place = c.counted_place, issue = c.issue,
       handled_in = c.handled_in, diversion = c.diversion,
       contacted_at = c.contacted_at, fed_back_at = c.fed_back_at, called_back_at = c.called_back_at,
       closed_at = c.closed_at, changed_at = c.changed_at, call_back_valid = c.call_back_valid,
       said_contacted = c.said_contacted, said_solved = c.said_solved, said_satisfaction = c.said_satisfaction,
       round = c.round, exempt = c.exempt, exemption_asked = c.exemption_asked, limit_ended = c.limit_ended
  FROM json_populate_recordset(NULL::request_board, %(rows)s::json) AS c
 WHERE b.log_id = %(log_id)s AND b.generation = %(generation)s AND b.id = c.id

-- follow --
-- A request is handled where its issue goes on: at the end of the mergers. Looked up anew for the requests below
-- issues that were merged or parted, and for those that were tied to an issue which another shard merged before.
WITH RECURSIVE below (id) AS (
    SELECT unnest(%(issues)s::uuid[])
    UNION
    SELECT i.id FROM below b
      JOIN issue_board i ON i.log_id = %(log_id)s AND i.generation = %(generation)s AND i.merged_into = b.id
), touched AS (
    SELECT r.id, r.issue FROM request_board r
      JOIN issue_board i ON i.log_id = %(log_id)s AND i.generation = %(generation)s AND i.id = r.issue
     WHERE r.log_id = %(log_id)s AND r.generation = %(generation)s AND r.id = ANY(%(requests)s::uuid[])
       AND i.merged_into IS NOT NULL
    UNION
    SELECT r.id, r.issue FROM below b
      JOIN request_board r ON r.log_id = %(log_id)s AND r.generation = %(generation)s AND r.issue = b.id
), onward (issue, id, steps) AS (
    SELECT DISTINCT t.issue, t.issue, 0 FROM touched t
    UNION ALL
    SELECT o.issue, i.merged_into, o.steps + 1 FROM onward o
      JOIN issue_board i ON i.log_id = %(log_id)s AND i.generation = %(generation)s AND i.id = o.id
     WHERE i.merged_into IS NOT NULL
), goal AS (
    SELECT t.id, (SELECT o.id FROM onward o WHERE o.issue = t.issue ORDER BY o.steps DESC LIMIT 1) AS handled_in
      FROM touched t
)
UPDATE request_board r SET handled_in = g.handled_in
  FROM goal g
 WHERE r.log_id = %(log_id)s AND r.generation = %(generation)s AND r.id = g.id
   AND r.handled_in IS DISTINCT FROM g.handled_in

-- analyze --
ANALYZE request_board (log_id, generation, id)

-- drop --
DELETE FROM request_board
 WHERE log_id = %(log_id)s AND generation = %(generation)s AND number > %(after)s AND number <= %(upto)s

-- Bulletins 通报 as lists read them: every issuance, with what the first says they are about. Few rows among many.
-- depends: 0007_projection_generations

CREATE INDEX timeline_bulletins ON timeline (log_id, generation, happened_at)
 WHERE topic IN ('bulletin.issued', 'bulletin.reissued');

CREATE VIEW served_bulletin AS
SELECT t.log_id, t.case_id AS id, t.version AS nth, issued.facts ->> 'kind' AS kind, issued.facts ->> 'scope' AS scope,
       issued.facts ->> 'period' AS period, (issued.facts ->> 'start')::timestamptz AS start,
       (issued.facts ->> 'end')::timestamptz AS "end", issued.facts ->> 'grouped_by' AS grouped_by,
       issued.facts ->> 'policy' AS policy, t.happened_at AS issued_at, t.by, t.reason
  FROM served_timeline t
  JOIN timeline issued
    ON issued.log_id = t.log_id AND issued.generation = t.generation AND issued.case_id = t.case_id
   AND issued.version = 1
 WHERE t.topic IN ('bulletin.issued', 'bulletin.reissued');

-- empty_issues --
DELETE FROM issue_board WHERE log_id = %(log_id)s

-- empty_requests --
DELETE FROM request_board WHERE log_id = %(log_id)s

-- issue_reported --
INSERT INTO issue_board (log_id, id, number, version, stage, grid, grid_edition, category, channel, urgency,
                         longitude, latitude, subject, reported_by, reported_at, changed_at)
VALUES (%(log_id)s, %(id)s, %(position)s, %(version)s, 'reported', %(grid)s, %(grid_edition)s, %(category)s,
        %(channel)s, %(urgency)s, %(longitude)s, %(latitude)s, %(subject)s, %(by)s, %(at)s, %(at)s)

-- issue_voided --
UPDATE issue_board SET stage = 'voided', version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_filed --
UPDATE issue_board SET stage = 'filed', category = %(category)s, filed_at = %(at)s, version = %(version)s,
       changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_consultation_opened --
UPDATE issue_board SET stage = 'consulting', version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_consultation_concluded --
UPDATE issue_board SET stage = 'filed', version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_assigned --
UPDATE issue_board
   SET stage = 'assigned', lead = %(lead)s, copies = %(copies)s, assists = %(assists)s, handler = '',
       assigned_at = %(at)s, accepted_at = NULL, limit_amount = %(limit_amount)s, limit_unit = %(limit_unit)s,
       clock_start = %(clock_start)s, due = %(due)s, case_due = %(case_due)s, assignments = %(nth)s,
       ping_pong = ping_pong + %(again)s::int, off_list = %(off_list)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_accepted --
UPDATE issue_board SET stage = 'accepted', handler = %(by)s, accepted_at = %(at)s, version = %(version)s,
       changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_return_asked --
UPDATE issue_board SET stage = 'return_asked', version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_return_granted --
UPDATE issue_board SET stage = 'returned', returns = returns + 1, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_return_refused --
UPDATE issue_board SET stage = %(back_to)s, due = %(due)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_resolved --
UPDATE issue_board
   SET stage = 'resolved', resolved_at = %(at)s, solved_level = %(level)s, overdue = %(overdue)s,
       version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_solved_on_spot --
UPDATE issue_board
   SET stage = 'solved', resolved_at = %(at)s, solved_level = 'grid', overdue = false, handler = %(by)s,
       version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_checked --
UPDATE issue_board
   SET stage = CASE WHEN %(passed)s THEN 'checked' ELSE 'failed' END, checked_at = %(at)s, version = %(version)s,
       changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_rework_ordered --
UPDATE issue_board
   SET stage = 'assigned', round = %(round)s, due = %(due)s, resolved_at = NULL, checked_at = NULL, overdue = NULL,
       version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_redo_ordered --
UPDATE issue_board
   SET stage = 'assigned', round = %(round)s, clock_start = %(clock_start)s, due = %(due)s, resolved_at = NULL,
       checked_at = NULL, closed_at = NULL, overdue = NULL, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_reopened --
UPDATE issue_board
   SET stage = 'reported', round = %(round)s, resolved_at = NULL, checked_at = NULL, closed_at = NULL, overdue = NULL,
       solved_level = NULL, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_closed --
UPDATE issue_board SET stage = 'closed', closed_at = %(at)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_request_attached --
UPDATE issue_board SET voices = voices + 1, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_request_detached --
UPDATE issue_board SET voices = voices - 1, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_merged_into --
WITH following AS (
    UPDATE request_board SET handled_in = %(into)s WHERE log_id = %(log_id)s AND handled_in = %(id)s
)
UPDATE issue_board SET stage = 'merged', merged_into = %(into)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_unmerged --
-- Whatever had been merged into it goes back with it.
WITH RECURSIVE parted (id) AS (
    SELECT %(id)s::uuid
    UNION
    SELECT i.id FROM issue_board i JOIN parted p ON i.merged_into = p.id WHERE i.log_id = %(log_id)s
), following AS (
    UPDATE request_board SET handled_in = %(id)s WHERE log_id = %(log_id)s AND issue IN (SELECT id FROM parted)
)
UPDATE issue_board SET stage = %(back_to)s, merged_into = NULL, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_absorbed --
UPDATE issue_board SET version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_released --
UPDATE issue_board SET version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_exemption_asked --
UPDATE issue_board SET exemption_asked = true, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_exempted --
UPDATE issue_board SET exemption_asked = false, exempt = true, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- issue_exemption_refused --
UPDATE issue_board SET exemption_asked = false, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_received --
INSERT INTO request_board (log_id, id, number, version, stage, kind, channel, place, category, longitude, latitude,
                           subject, received_by, received_at, changed_at, complained_about, confidential, source,
                           external_id)
VALUES (%(log_id)s, %(id)s, %(position)s, %(version)s, 'received', %(kind)s, %(channel)s, %(place)s, %(category)s,
        %(longitude)s, %(latitude)s, %(subject)s, %(by)s, %(at)s, %(at)s, %(complained_about)s, %(confidential)s,
        %(source)s, %(external_id)s)

-- request_answered --
UPDATE request_board SET stage = 'answered', fed_back_at = %(at)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_diverted --
UPDATE request_board SET stage = 'diverted', diversion = %(code)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_attached --
UPDATE request_board
   SET stage = 'attached', issue = %(issue)s, handled_in = %(issue)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_detached --
UPDATE request_board
   SET stage = 'received', issue = NULL, handled_in = NULL, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_requester_contacted --
UPDATE request_board
   SET stage = CASE WHEN %(reached)s THEN 'contacted' ELSE stage END,
       contacted_at = CASE WHEN %(reached)s THEN coalesce(contacted_at, %(at)s) ELSE contacted_at END,
       version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_fed_back --
UPDATE request_board SET stage = 'fed_back', fed_back_at = %(at)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_called_back --
UPDATE request_board
   SET stage = 'called_back', called_back_at = %(at)s, call_back_valid = %(valid)s, said_contacted = %(contacted)s,
       said_solved = %(solved)s, said_satisfaction = %(satisfaction)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_redo_ordered --
UPDATE request_board SET stage = 'attached', round = %(round)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_closed --
UPDATE request_board SET stage = 'closed', closed_at = %(at)s, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_exemption_asked --
UPDATE request_board SET exemption_asked = true, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_exempted --
UPDATE request_board SET exemption_asked = false, exempt = true, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- request_exemption_refused --
UPDATE request_board SET exemption_asked = false, version = %(version)s, changed_at = %(at)s
 WHERE log_id = %(log_id)s AND id = %(id)s

-- What waits for somebody, found by each reason to wait; the voices of an issue, found by the issue that handles them.
-- depends: 0028_following_and_near

CREATE INDEX issue_board_by_contact ON issue_board (log_id, generation, contact) WHERE contact <> '';
CREATE INDEX issue_board_by_exemption ON issue_board (log_id, generation) WHERE exemption_asked;
CREATE INDEX request_board_by_exemption ON request_board (log_id, generation) WHERE exemption_asked;
CREATE INDEX request_board_by_handling ON request_board (log_id, generation, handled_in) WHERE handled_in IS NOT NULL;
DROP INDEX request_board_to_call_back;  -- the one before holds it

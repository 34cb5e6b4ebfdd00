-- What was answered to a query, beside its message, and how long that took. Patients stand in the content only.
CREATE TABLE query_answer (
  message_id   BIGINT PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  -- Milliseconds until the answer was there; -1 for what was asked before this was kept.
  took         BIGINT NOT NULL,
  -- FOUND, NOT_FOUND, REFUSED; ANSWERED for what was asked before this was kept.
  outcome      TEXT   NOT NULL,
  -- MSA-1 and QAK-2 of the answer; empty where it has none.
  ack_code     TEXT   NOT NULL,
  query_status TEXT   NOT NULL,
  -- 1: a continuation pointer (DSC-1) says that there is more.
  more         INT    NOT NULL
);
-- Listings go from the newest query down until their page is full: not through years of others, nor through what
-- a sender has sent beside its queries.
CREATE INDEX query_answer_outcome ON query_answer (outcome, message_id);
CREATE INDEX message_query_of_sender ON message (sender, id) WHERE kind = 'QUESTION';
CREATE INDEX message_query_of_feed ON message (feed, id) WHERE kind = 'QUESTION';

-- Strict feeds leave messages that they refused beside the queries; they are none.
INSERT INTO query_answer (message_id, took, outcome, ack_code, query_status, more)
  SELECT id, -1, CASE WHEN state = 'REFUSED' THEN 'REFUSED' ELSE 'ANSWERED' END, '', '', 0
  FROM message WHERE kind = 'QUESTION' AND reason_code <> 'not-valid';

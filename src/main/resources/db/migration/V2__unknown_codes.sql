-- Codes of a message that no row of a mapping table knew when it was last mapped: the work list of whoever
-- keeps the tables. Codes are values of coded fields; they stand here and nowhere else.

CREATE TABLE unknown_code (
  message_id BIGINT NOT NULL REFERENCES message (id),
  sender     TEXT   NOT NULL,
  table_name TEXT   NOT NULL,
  code       TEXT   NOT NULL,
  code_text  TEXT   NOT NULL,
  path       TEXT   NOT NULL,
  -- 1: the rule says that the message waits for it; 0: the code was passed on as it came.
  held       INT    NOT NULL,
  PRIMARY KEY (message_id, table_name, code, path)
);
CREATE INDEX unknown_code_of_table ON unknown_code (table_name, code);

-- Digest of the resource as it was last sent, so that a correction is sent only where something differs;
-- empty if it was sent before this was kept.
ALTER TABLE ledger ADD COLUMN content_digest TEXT NOT NULL DEFAULT '';

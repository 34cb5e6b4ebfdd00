-- That the journal was put back from a backup. What was filed at Cerner between the two times is not in it.
CREATE TABLE restored (
  id       ${identity},
  at       BIGINT NOT NULL,
  -- All that was written before is in the backup.
  taken_at BIGINT NOT NULL,
  who      TEXT   NOT NULL
);

-- Who asked, saw or changed what. Entries are chained: each holds a hash over itself and the one before, under a
-- secret of the journal where that is encrypted. None is ever changed but for its key.
CREATE TABLE audit_chain (
  -- 'engine' or 'commands' in a folder; with several engines on one database each has one of its own.
  chain TEXT   PRIMARY KEY,
  -- Number and hash of its last entry.
  seq   BIGINT NOT NULL,
  hash  TEXT   NOT NULL,
  -- Hash over both: nobody without the secret can make one for an earlier end.
  seal  TEXT   NOT NULL
);

CREATE TABLE audit_entry (
  id         ${identity},
  chain      TEXT   NOT NULL,
  seq        BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  -- read, search, create, update, delete, send, … or what an operator did.
  what       TEXT   NOT NULL,
  -- done, denied, failed.
  outcome    TEXT   NOT NULL,
  -- Of HTTP; 0 if it was none.
  status     INT    NOT NULL,
  who        TEXT   NOT NULL,
  -- By what they are known: key and its id, token, user of the machine, none.
  proof      TEXT   NOT NULL,
  address    TEXT   NOT NULL,
  -- The type of resource, or what else it was about.
  subject    TEXT   NOT NULL,
  request_id TEXT   NOT NULL,
  -- A JSON object with what may be of a patient, sealed.
  details    TEXT   NOT NULL,
  -- Hash of the details with a random salt that is sealed with them.
  commitment TEXT   NOT NULL,
  -- Over the hash of the entry before and all above but the sealed details, of which the commitment is in it.
  hash       TEXT   NOT NULL
);
CREATE UNIQUE INDEX audit_entry_in_chain ON audit_entry (chain, seq);
CREATE INDEX audit_entry_at ON audit_entry (at);

-- Whose record an entry is about, by a keyed hash of the patient's id; a digest in a plain journal.
CREATE TABLE audit_patient (
  patient  TEXT   NOT NULL,
  entry_id BIGINT NOT NULL REFERENCES audit_entry (id) ON DELETE CASCADE,
  PRIMARY KEY (patient, entry_id)
);
CREATE INDEX audit_patient_of_entry ON audit_patient (entry_id);

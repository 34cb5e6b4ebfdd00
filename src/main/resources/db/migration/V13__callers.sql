-- The keys of HTTP callers, also those that are over. Of a key there is its digest only: it is 256 random bits,
-- so that nobody can try what it may be.
CREATE TABLE caller_key (
  -- Stands in the key, too, and in logs.
  id         TEXT   PRIMARY KEY,
  -- Who calls with it. A caller has several keys while one takes the place of another.
  caller     TEXT   NOT NULL,
  -- SHA-256 of the key, hexadecimal.
  digest     TEXT   NOT NULL,
  -- What it may do, one blank between.
  scopes     TEXT   NOT NULL,
  -- At which tenant; any if empty.
  tenant     TEXT   NOT NULL,
  -- As whom it may send HL7 messages, MSH-3@MSH-4 with a blank between; as anybody if empty.
  senders    TEXT   NOT NULL,
  made_at    BIGINT NOT NULL,
  made_by    TEXT   NOT NULL,
  -- 0 if it does not end by itself.
  expires_at BIGINT NOT NULL,
  -- 0 as long as nobody has.
  revoked_at BIGINT NOT NULL,
  revoked_by TEXT   NOT NULL,
  -- To the hour; 0 if it never was.
  used_at    BIGINT NOT NULL
);
CREATE INDEX caller_key_of_caller ON caller_key (caller);

-- Who may log in at the console. None is ever removed: where there was one, nobody gets in without.
CREATE TABLE console_account (
  name         TEXT   PRIMARY KEY,
  -- VIEWER, OPERATOR, ANALYST, ADMIN.
  role         TEXT   NOT NULL,
  -- Argon2id, with its salt and cost, as the reference implementation writes it.
  password     TEXT   NOT NULL,
  -- Another one with each change that ends what is logged in: role, password, lock.
  version      BIGINT NOT NULL,
  made_at      BIGINT NOT NULL,
  -- 0 as long as nobody has locked it.
  locked_at    BIGINT NOT NULL,
  -- Wrong passwords since the last log-in, and when the last one was that counts.
  failures     INT    NOT NULL,
  failed_at    BIGINT NOT NULL,
  -- 0 if nobody ever was.
  logged_in_at BIGINT NOT NULL
);

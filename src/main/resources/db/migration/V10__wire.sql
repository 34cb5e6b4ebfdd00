-- What the listeners turned away or could not read: the newest, oldest first. Apart from messages, for none came of it.
CREATE TABLE wire_fault (
  id     ${identity},
  at     BIGINT NOT NULL,
  kind   TEXT   NOT NULL,
  port   INT    NOT NULL,
  -- Address and port.
  peer   TEXT   NOT NULL,
  detail TEXT   NOT NULL,
  -- How often of this kind from this address since the row before; of bytes between frames, how many.
  times  BIGINT NOT NULL,
  -- The last bytes of what could not be read. They may be of a patient, so they are encrypted like contents.
  bytes  ${bytes} NOT NULL
);

-- What a route file says of its feed beyond types, zone and charset: one JSON object, parameter by parameter as the
-- route file writes them, so that a message that waits from before a restart is read as it was meant when it came.
ALTER TABLE feed ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

-- Where in the message its reason lies, as OBR[2]-25; empty if nowhere. Senders that wait for the outcome are told.
ALTER TABLE message ADD COLUMN reason_place TEXT NOT NULL DEFAULT '';

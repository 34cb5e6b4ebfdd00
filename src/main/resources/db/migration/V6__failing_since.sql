-- When the first attempt failed of those that a message has behind it since it came or was put back; 0 if none has.
-- From then on counts the time after which its feed gives up.
ALTER TABLE message ADD COLUMN failing_since BIGINT NOT NULL DEFAULT 0;

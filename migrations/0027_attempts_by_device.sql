-- The caller who asked for a mail with a link; null: anyone who knows the address, or an event is its cause.
ALTER TABLE emails ADD COLUMN asked_by TEXT;

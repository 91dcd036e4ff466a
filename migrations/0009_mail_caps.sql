-- How many mails an address was sent lately is counted by each statement that writes one.
CREATE INDEX emails_by_recipient ON emails (recipient_key, created_at);

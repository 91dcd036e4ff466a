-- Nobody serves an endpoint that is deleted: what is planned for it would be for ever, a test too, which one that is only
-- off still gets.
CREATE TRIGGER webhook_endpoints_gone AFTER UPDATE OF deleted_at ON webhook_endpoints
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE webhook_deliveries SET next_attempt_at = NULL
    WHERE endpoint_id = NEW.id AND state = 'pending' AND next_attempt_at IS NOT NULL;
END;
UPDATE webhook_deliveries SET next_attempt_at = NULL
  WHERE state = 'pending' AND next_attempt_at IS NOT NULL
    AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE deleted_at IS NOT NULL);

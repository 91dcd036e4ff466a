-- Storage accounts and the objects in them. The bytes are in R2, each upload under <jurisdiction>/<storage account>/<object>,
-- never under the caller's key.

CREATE TABLE storage_accounts (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  jurisdiction TEXT NOT NULL CHECK (jurisdiction IN ('default', 'eu', 'fedramp')),
  quota_bytes INTEGER NOT NULL CHECK (quota_bytes > 0),
  -- What is stored, and what uploads under way may come to; the triggers below count.
  used_bytes INTEGER NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
  reserved_bytes INTEGER NOT NULL DEFAULT 0 CHECK (reserved_bytes >= 0),
  object_count INTEGER NOT NULL DEFAULT 0 CHECK (object_count >= 0),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- Closed from then on; the row goes with its last object.
  deleted_at INTEGER,
  -- How many objects it had then.
  purge_total INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX storage_accounts_name ON storage_accounts (reseller_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX storage_accounts_by_created ON storage_accounts (reseller_id, created_at, id);
CREATE INDEX storage_accounts_deleted ON storage_accounts (updated_at) WHERE deleted_at IS NOT NULL;

-- One row an upload: uploading, stored under its key, and garbage (replaced, deleted or failed) until its bytes are gone.
CREATE TABLE storage_objects (
  id TEXT PRIMARY KEY NOT NULL,
  storage_account_id TEXT NOT NULL REFERENCES storage_accounts (id),
  key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('uploading', 'stored', 'garbage')),
  -- Since when it is in this state.
  since INTEGER NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 0),
  etag TEXT NOT NULL,
  content_type TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX storage_objects_stored ON storage_objects (storage_account_id, key) WHERE state = 'stored';
CREATE INDEX storage_objects_by_account ON storage_objects (storage_account_id, state);
CREATE INDEX storage_objects_uploading ON storage_objects (since) WHERE state = 'uploading';
CREATE INDEX storage_objects_garbage ON storage_objects (since) WHERE state = 'garbage';

-- Whoever stores an object puts away the one that stands under its key, in the same statement: readers see one of the two.
CREATE TRIGGER storage_objects_replaced BEFORE UPDATE OF state ON storage_objects
WHEN NEW.state = 'stored' AND OLD.state <> 'stored' BEGIN
  UPDATE storage_objects SET state = 'garbage', since = NEW.since
    WHERE storage_account_id = NEW.storage_account_id AND key = NEW.key AND state = 'stored';
END;

CREATE TRIGGER storage_objects_counted AFTER INSERT ON storage_objects BEGIN
  UPDATE storage_accounts SET
      reserved_bytes = reserved_bytes + (NEW.state = 'uploading') * NEW.size,
      used_bytes = used_bytes + (NEW.state = 'stored') * NEW.size,
      object_count = object_count + (NEW.state = 'stored')
    WHERE id = NEW.storage_account_id;
END;
CREATE TRIGGER storage_objects_recounted AFTER UPDATE OF state ON storage_objects BEGIN
  UPDATE storage_accounts SET
      reserved_bytes = reserved_bytes + ((NEW.state = 'uploading') - (OLD.state = 'uploading')) * NEW.size,
      used_bytes = used_bytes + ((NEW.state = 'stored') - (OLD.state = 'stored')) * NEW.size,
      object_count = object_count + (NEW.state = 'stored') - (OLD.state = 'stored')
    WHERE id = NEW.storage_account_id;
END;
CREATE TRIGGER storage_objects_uncounted AFTER DELETE ON storage_objects WHEN OLD.state <> 'garbage' BEGIN
  UPDATE storage_accounts SET
      reserved_bytes = reserved_bytes - (OLD.state = 'uploading') * OLD.size,
      used_bytes = used_bytes - (OLD.state = 'stored') * OLD.size,
      object_count = object_count - (OLD.state = 'stored')
    WHERE id = OLD.storage_account_id;
END;

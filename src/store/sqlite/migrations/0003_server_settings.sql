-- Why: the first admin names the server, and may close registration. Cost: two empty columns in one row.
ALTER TABLE meta ADD COLUMN server_name TEXT;           -- NULL: nobody has named it
ALTER TABLE meta ADD COLUMN registration_open INTEGER;  -- NULL: nobody has said

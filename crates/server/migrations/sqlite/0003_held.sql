-- By which marks (the beginnings of hashes) a device last said what of the pack it holds; nothing from older apps.
ALTER TABLE device_reports ADD COLUMN held TEXT;

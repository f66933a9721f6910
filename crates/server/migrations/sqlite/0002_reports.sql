-- What a device last said of its own condition, for those who look after the congress. Nothing that anyone wrote.
CREATE TABLE device_reports (
    congress TEXT NOT NULL,
    person TEXT NOT NULL,
    device_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    oldest_at BIGINT,
    build TEXT NOT NULL,
    storage TEXT NOT NULL,
    PRIMARY KEY (congress, person, device_id),
    FOREIGN KEY (congress, person, device_id) REFERENCES devices (congress, person, device_id)
);

-- Who read what people told, asked by case.
-- depends: 0022_guards

CREATE INDEX timeline_readings ON timeline USING gin ((facts -> 'cases')) WHERE topic = 'reading.recorded';

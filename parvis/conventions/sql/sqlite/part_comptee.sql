-- tables: conventions_partdeversement
DROP TRIGGER IF EXISTS {table}_part_comptee;
-- fin
CREATE TRIGGER {table}_part_comptee AFTER INSERT ON {table}
BEGIN
    {recompter demandes=NEW.demande_id}
END;

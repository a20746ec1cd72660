-- tables: conventions_partderetrait
DROP TRIGGER IF EXISTS {table}_reprise_comptee;
-- fin
CREATE TRIGGER {table}_reprise_comptee AFTER INSERT ON {table}
BEGIN
    {recompter demandes=NEW.demande_id}
END;

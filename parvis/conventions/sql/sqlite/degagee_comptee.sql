-- tables: conventions_partdecloture
DROP TRIGGER IF EXISTS {table}_degagee_comptee;
-- fin
CREATE TRIGGER {table}_degagee_comptee AFTER INSERT ON {table}
BEGIN
    {recompter demandes=NEW.demande_id}
END;

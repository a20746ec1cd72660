-- tables: programmation_imputation
DROP TRIGGER IF EXISTS {table}_fixe;
-- fin
CREATE TRIGGER {table}_fixe BEFORE UPDATE ON {table}
WHEN NEW.id <> OLD.id OR NEW.demande_id <> OLD.demande_id
BEGIN
    SELECT RAISE(ABORT, 'Une imputation reste celle de sa demande.');
END;

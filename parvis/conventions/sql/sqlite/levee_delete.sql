-- tables: conventions_conditionlevee
DROP TRIGGER IF EXISTS {table}_levee_delete;
-- fin
CREATE TRIGGER {table}_levee_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Une condition levée ne change plus et ne s’efface pas : elle s’annule, tant que rien n’est versé.');
END;

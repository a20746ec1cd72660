-- tables: instruction_avis, instruction_avis_fichiers, instruction_proposition
DROP TRIGGER IF EXISTS {table}_ajout_seul_delete;
-- fin
CREATE TRIGGER {table}_ajout_seul_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un avis rendu ne change plus.');
END;

-- tables: conventions_cloture
DROP TRIGGER IF EXISTS {table}_cloture_insert;
-- fin
CREATE TRIGGER {table}_cloture_insert BEFORE INSERT ON {table}
WHEN NOT EXISTS (
        SELECT 1 FROM conventions_acte WHERE id = NEW.acte_id AND etat = 'notifie'
    ) OR EXISTS (
        SELECT 1 FROM conventions_retrait
        WHERE etat <> 'abandonne' AND acte_id IN (
            NEW.acte_id, (SELECT modifie_id FROM conventions_acte WHERE id = NEW.acte_id)
        )
    )
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR acte_id = NEW.acte_id)
BEGIN
    SELECT RAISE(ABORT, 'Le reste d’un acte ne se verse pas s’il est notifié, sans retrait ouvert, une seule fois.');
END;

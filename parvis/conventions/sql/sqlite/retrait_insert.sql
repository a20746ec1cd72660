-- tables: conventions_retrait
DROP TRIGGER IF EXISTS {table}_retrait_insert;
-- fin
CREATE TRIGGER {table}_retrait_insert BEFORE INSERT ON {table}
WHEN NEW.etat <> 'a_entendre' OR NOT EXISTS (
        SELECT 1 FROM conventions_acte WHERE id = NEW.acte_id AND etat = 'notifie'
    )
    OR EXISTS (
        -- Une convention et ses avenants sont une seule subvention.
        SELECT 1 FROM conventions_cloture cloture
        JOIN conventions_acte acte ON acte.id = cloture.acte_id
        WHERE NEW.acte_id IN (acte.id, acte.modifie_id)
    )
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (
        SELECT 1 FROM {table} WHERE id = NEW.id OR (acte_id = NEW.acte_id AND etat <> 'abandonne')
    )
BEGIN
    SELECT RAISE(ABORT, 'Un retrait commence par demander ses observations, sur un acte notifié qui n’est pas clos.');
END;

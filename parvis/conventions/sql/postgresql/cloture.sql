-- tables: conventions_cloture
CREATE OR REPLACE FUNCTION {table}_cloture() RETURNS trigger AS $$
BEGIN
    -- Un versement ou un retrait en cours finit d'abord, ou attend : il verra cette clôture.
    PERFORM 1 FROM conventions_acte
        WHERE id IN (
            NEW.acte_id, (SELECT modifie_id FROM conventions_acte WHERE id = NEW.acte_id)
        )
        ORDER BY id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM conventions_acte WHERE id = NEW.acte_id AND etat = 'notifie'
    ) OR EXISTS (
        SELECT 1 FROM conventions_retrait
        WHERE etat <> 'abandonne' AND acte_id IN (
            NEW.acte_id, (SELECT modifie_id FROM conventions_acte WHERE id = NEW.acte_id)
        )
    ) THEN
        RAISE EXCEPTION 'Le reste d’un acte ne se verse pas s’il est notifié, sans retrait ouvert, une seule fois.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_cloture ON {table};
-- fin
CREATE TRIGGER {table}_cloture BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_cloture();

-- tables: programmation_imputation
CREATE OR REPLACE FUNCTION {table}_comptee() RETURNS trigger AS $$
DECLARE
    vote bigint;
BEGIN
    -- Le verrou attend un vote en cours sur la demande : ce qu'il écrit se compte ici, ou là-bas, une fois.
    IF TG_OP = 'DELETE' THEN
        SELECT COALESCE(montant_vote, 0) INTO vote FROM dossiers_demande
            WHERE id = OLD.demande_id FOR NO KEY UPDATE;
        -- Une demande effacée juste avant ne fait pas oublier ce qui y était voté.
        IF NOT FOUND OR vote > 0 THEN
            RAISE EXCEPTION 'Ce qui est voté reste pris sur une enveloppe.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.demande_id) IS DISTINCT FROM (OLD.id, OLD.demande_id) THEN
            RAISE EXCEPTION 'Une imputation reste celle de sa demande.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.enveloppe_id = OLD.enveloppe_id THEN RETURN NULL; END IF;
    END IF;
    SELECT COALESCE(montant_vote, 0) INTO vote FROM dossiers_demande
        WHERE id = NEW.demande_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1
        FROM dossiers_demande demande
        JOIN dossiers_dossier dossier ON dossier.id = demande.dossier_id
        JOIN dossiers_appel appel ON appel.id = dossier.appel_id
        JOIN programmation_enveloppe enveloppe ON enveloppe.id = NEW.enveloppe_id
        JOIN organismes_organisme sien ON sien.id = demande.financeur_id
        JOIN organismes_organisme le_sien ON le_sien.id = enveloppe.financeur_id
        WHERE demande.id = NEW.demande_id
          AND demande.nature = 'numeraire' AND demande.guichet = 'plateforme'
          AND demande.exercice = enveloppe.exercice AND appel.contrat_id = enveloppe.contrat_id
          AND COALESCE(sien.fusionne_dans_id, sien.id)
            = COALESCE(le_sien.fusionne_dans_id, le_sien.id)
    ) THEN
        RAISE EXCEPTION 'Cette demande ne se prend pas sur cette enveloppe.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM 1 FROM programmation_enveloppe WHERE id IN (OLD.enveloppe_id, NEW.enveloppe_id)
            ORDER BY id FOR NO KEY UPDATE;
        UPDATE programmation_enveloppe SET montant_vote = montant_vote - vote
            WHERE id = OLD.enveloppe_id;
    END IF;
    UPDATE programmation_enveloppe SET montant_vote = montant_vote + vote
        WHERE id = NEW.enveloppe_id;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_comptee ON {table};
-- fin
CREATE TRIGGER {table}_comptee AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_comptee();

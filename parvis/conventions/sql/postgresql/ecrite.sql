-- tables: conventions_lignedacte
CREATE OR REPLACE FUNCTION {table}_ecrite() RETURNS trigger AS $$
DECLARE
    son_etat text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT etat INTO son_etat FROM conventions_acte WHERE id = NEW.acte_id;
        -- Annulé, un acte ne vaut plus : c'est tout ce qui change d'une ligne.
        IF (NEW.id, NEW.acte_id, NEW.reponse_id, NEW.demande_id, NEW.montant, NEW.est_en_nature)
            IS DISTINCT FROM
            (OLD.id, OLD.acte_id, OLD.reponse_id, OLD.demande_id, OLD.montant, OLD.est_en_nature)
            OR NOT OLD.vaut OR (NOT NEW.vaut AND son_etat <> 'annule')
        THEN
            RAISE EXCEPTION 'Ce qu’un acte dit d’une demande ne change plus.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    -- Le verrou partagé attend une signature en cours : on n'écrit pas dans son dos.
    SELECT etat INTO son_etat FROM conventions_acte
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.acte_id ELSE OLD.acte_id END FOR SHARE;
    IF son_etat <> 'prepare' THEN
        RAISE EXCEPTION 'Ce qu’un acte dit d’une demande ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_ecrite ON {table};
-- fin
CREATE TRIGGER {table}_ecrite BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_ecrite();

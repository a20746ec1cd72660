-- tables: organismes_organisme
-- Sans nommer la colonne : PostgreSQL refuserait alors de la retirer en revenant en arrière.
CREATE OR REPLACE FUNCTION {table}_un_seul_niveau() RETURNS trigger AS $$
BEGIN
    IF NEW.fusionne_dans_id IS NULL THEN RETURN NEW; END IF;
    -- Le doublon et le gardé sont tenus : deux fusions croisées ne se manquent pas.
    PERFORM 1 FROM {table} WHERE id IN (NEW.id, NEW.fusionne_dans_id)
        ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM {table} WHERE id = NEW.fusionne_dans_id AND fusionne_dans_id IS NOT NULL
    ) OR EXISTS (SELECT 1 FROM {table} WHERE fusionne_dans_id = NEW.id) THEN
        RAISE EXCEPTION 'Un organisme gardé n''est pas lui-même un doublon.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_un_seul_niveau ON {table};
-- fin
CREATE TRIGGER {table}_un_seul_niveau BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_un_seul_niveau();

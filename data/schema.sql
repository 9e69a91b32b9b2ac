-- The schema of one snapshot. A snapshot is built once and never changed; see docs/data_flow.md for who writes what.
-- The two fact tables have no primary key: its index would be larger than the table and is never used for reading (they are
-- sorted by period and unit, which is what queries ask for). The builder checks instead that no unit stands twice in a period.

CREATE TABLE meta (
    key VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE meta IS 'What this snapshot is: snapshot_id (hash of the logical content), schema_version.';

-- Administrative units ------------------------------------------------------------------------------------------------

CREATE TABLE boundary_set (
    boundary_set VARCHAR PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    commune_count INTEGER NOT NULL CHECK (commune_count > 0),
    district_count INTEGER NOT NULL CHECK (district_count >= 0),
    province_count INTEGER NOT NULL CHECK (province_count > 0)
);
COMMENT ON TABLE boundary_set IS 'The administrative units as they stood at a reference date. Island districts without communes are outside commune_count.';

CREATE TABLE region (
    region_code VARCHAR PRIMARY KEY,
    scheme VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    name_en VARCHAR,
    source VARCHAR
);
COMMENT ON TABLE region IS 'Groups of provinces: region6 is that of the General Statistics Office, region7 that of decision 1980/QĐ-TTg.';

CREATE TABLE unit (
    boundary_set VARCHAR NOT NULL REFERENCES boundary_set (boundary_set),
    unit_code VARCHAR NOT NULL,
    level VARCHAR NOT NULL CHECK (level IN ('nation', 'province', 'district', 'commune')),
    name VARCHAR NOT NULL,
    short_name VARCHAR NOT NULL,
    type VARCHAR,
    parent_code VARCHAR,
    province_code VARCHAR,
    district_code VARCHAR,
    region6 VARCHAR,
    region7 VARCHAR,
    stands_alone BOOLEAN NOT NULL,
    level_order INTEGER NOT NULL,
    map_order INTEGER,
    search_key VARCHAR NOT NULL,
    PRIMARY KEY (boundary_set, unit_code)
);
COMMENT ON TABLE unit IS 'Administrative units of every boundary set; codes are text with their leading zeros.';
COMMENT ON COLUMN unit.type IS 'tinh, thanh_pho_tw, quan, huyen, thi_xa, thanh_pho, xa, phuong, thi_tran, dac_khu; NULL for the nation.';
COMMENT ON COLUMN unit.stands_alone IS 'A district without communes: drawn and listed with the communes, outside every count of communes.';
COMMENT ON COLUMN unit.level_order IS 'Place of the unit in every file of its level, from 0.';
COMMENT ON COLUMN unit.map_order IS 'Place on the commune map, from 0: communes by code, then districts that stand alone. NULL elsewhere.';
COMMENT ON COLUMN unit.search_key IS 'Name without marks, in lower case, for the search box.';

CREATE TABLE crosswalk (
    from_set VARCHAR NOT NULL,
    to_set VARCHAR NOT NULL,
    from_code VARCHAR NOT NULL,
    to_code VARCHAR NOT NULL,
    weight DECIMAL(18, 12) NOT NULL CHECK (weight > 0 AND weight <= 1),
    kind VARCHAR NOT NULL,
    estimated BOOLEAN NOT NULL,
    source VARCHAR,
    PRIMARY KEY (from_set, to_set, from_code, to_code)
);
COMMENT ON TABLE crosswalk IS 'Which share of a unit of one boundary set lies in which unit of the next; weights of a unit add up to exactly 1.';

CREATE TABLE period (
    period VARCHAR PRIMARY KEY CHECK (regexp_full_match(period, '[0-9]{4}-(0[1-9]|1[0-2])')),
    boundary_set VARCHAR NOT NULL REFERENCES boundary_set (boundary_set),
    programme VARCHAR,
    state VARCHAR NOT NULL CHECK (state IN ('draft', 'released'))
);
COMMENT ON TABLE period IS 'The months that hold figures, the boundary set they are counted in, and the programme they belong to.';
COMMENT ON COLUMN period.state IS 'The public edition shows released periods only.';

-- Rules, copied from indicators/ so that an old snapshot keeps the rules it was judged by --------------------------------

CREATE TABLE programme (
    programme VARCHAR PRIMARY KEY,
    from_period VARCHAR NOT NULL,
    to_period VARCHAR NOT NULL,
    commune_groups VARCHAR NOT NULL,
    left_out VARCHAR NOT NULL
);
COMMENT ON TABLE programme IS 'Programmes of new rural development (nông thôn mới) and the months they own.';
COMMENT ON COLUMN programme.left_out IS 'Rules that are known of but not used, with the reason, as JSON.';

CREATE TABLE rule (
    rule_id VARCHAR PRIMARY KEY,
    programme VARCHAR NOT NULL REFERENCES programme (programme),
    value DECIMAL(7, 4) NOT NULL CHECK (value > 0 AND value <= 100),
    operator VARCHAR NOT NULL CHECK (operator IN ('>=', '>')),
    level VARCHAR NOT NULL,
    effective_from DATE NOT NULL,
    effective_to DATE,
    legal_basis VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    confidence VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    unit_types VARCHAR NOT NULL,
    measured_from DATE,
    date_precision VARCHAR NOT NULL,
    criterion VARCHAR NOT NULL,
    wording VARCHAR NOT NULL,
    scope_name VARCHAR NOT NULL,
    note VARCHAR NOT NULL
);
COMMENT ON TABLE rule IS 'Thresholds in force from a date, with their legal source: the fields of indicators.rules.Threshold.';
COMMENT ON COLUMN rule.unit_types IS 'Types of unit that the rule counts, separated by a space.';
COMMENT ON COLUMN rule.measured_from IS 'Earlier than effective_from where a programme measures by a rule before it became law.';

CREATE TABLE goal (
    programme VARCHAR NOT NULL REFERENCES programme (programme),
    measure VARCHAR NOT NULL,
    value DECIMAL(7, 4) NOT NULL,
    operator VARCHAR NOT NULL CHECK (operator IN ('>=', '>')),
    deadline DATE NOT NULL,
    main BOOLEAN NOT NULL,
    scope VARCHAR NOT NULL,
    legal_basis VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    confidence VARCHAR NOT NULL,
    wording VARCHAR NOT NULL,
    note VARCHAR NOT NULL
);
COMMENT ON TABLE goal IS 'What a programme is to reach by a date: national coverage, share of communes, share of districts.';

CREATE TABLE payer_group (
    list VARCHAR NOT NULL,
    payer_group VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    from_period VARCHAR NOT NULL,
    to_period VARCHAR,
    word VARCHAR NOT NULL,
    legal_basis VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    PRIMARY KEY (list, payer_group)
);
COMMENT ON TABLE payer_group IS 'Who pays for the card (nhóm đối tượng). The list of the law changes, so each has the months it is valid for.';
COMMENT ON COLUMN payer_group.word IS 'Key of the name in text/*.toml, section payer_group.';

-- Where figures come from ----------------------------------------------------------------------------------------------

CREATE TABLE source (
    source_id INTEGER PRIMARY KEY,
    kind VARCHAR NOT NULL CHECK (kind IN ('received_file', 'simulation')),
    name VARCHAR NOT NULL,
    sha256 VARCHAR,
    sheet VARCHAR,
    template VARCHAR,
    province_code VARCHAR,
    period VARCHAR,
    is_simulated BOOLEAN NOT NULL,
    note VARCHAR
);
COMMENT ON TABLE source IS 'A received file, kept untouched by its hash, or the simulation.';

CREATE TABLE source_column (
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    data_element VARCHAR NOT NULL,
    payer_group VARCHAR NOT NULL,
    column_letter VARCHAR NOT NULL,
    PRIMARY KEY (source_id, data_element, payer_group)
);
COMMENT ON TABLE source_column IS 'In which column of the sheet a data element stood; with the row of a fact it gives the cell. payer_group is empty for totals.';

CREATE TABLE rejection (
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    rule_id VARCHAR NOT NULL,
    severity VARCHAR NOT NULL CHECK (severity IN ('error', 'hold', 'mark')),
    cell VARCHAR NOT NULL,
    unit_code VARCHAR,
    period VARCHAR,
    value VARCHAR,
    message VARCHAR NOT NULL
);
COMMENT ON TABLE rejection IS 'Every cell or row that was refused (error), held back (hold) or marked (mark), with its address and a reason in Vietnamese. Nothing disappears.';
COMMENT ON COLUMN rejection.cell IS 'Empty where the finding is about the file as a whole.';

CREATE TABLE load_audit (
    sha256 VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    loaded_at VARCHAR NOT NULL,
    loaded_by VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('accepted', 'held_back', 'refused')),
    template VARCHAR,
    rows_accepted INTEGER NOT NULL,
    rows_held INTEGER NOT NULL,
    cells_refused INTEGER NOT NULL,
    people BIGINT NOT NULL,
    supersedes VARCHAR,
    message VARCHAR
);
COMMENT ON TABLE load_audit IS 'Who loaded which file when, and what became of it. Not part of the snapshot''s id: the same rows loaded twice are the same snapshot.';
COMMENT ON COLUMN load_audit.supersedes IS 'Hashes of the files whose figures this one replaced, separated by a space.';
COMMENT ON COLUMN load_audit.loaded_at IS 'Moment in UTC, ISO 8601.';

CREATE TABLE figure_history (
    period VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    payer_group VARCHAR NOT NULL,
    population INTEGER,
    eligible INTEGER,
    insured INTEGER,
    state VARCHAR NOT NULL CHECK (state IN ('superseded', 'held_back')),
    source_id INTEGER NOT NULL,
    source_row INTEGER,
    replaced_by INTEGER
);
COMMENT ON TABLE figure_history IS 'Received figures that are not in force: replaced by a later file, or held back. payer_group is empty for a unit as a whole.';

CREATE TABLE record_history (
    table_name VARCHAR NOT NULL,
    record JSON NOT NULL,
    source_id INTEGER NOT NULL,
    replaced_by INTEGER NOT NULL
);
COMMENT ON TABLE record_history IS 'Rows of the tables of received records that a later file replaced, as they were.';

-- Figures per unit and month -------------------------------------------------------------------------------------------

CREATE TABLE commune_month (
    period VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    population INTEGER CHECK (population >= 0),
    insured INTEGER CHECK (insured >= 0),
    obs_status VARCHAR NOT NULL CHECK (obs_status IN ('reported', 'missing', 'held_back', 'not_applicable')),
    is_simulated BOOLEAN NOT NULL,
    source_id INTEGER NOT NULL,
    source_row INTEGER,
    CHECK (obs_status <> 'reported' OR (population IS NOT NULL AND insured IS NOT NULL)),
    CHECK (obs_status = 'reported' OR insured IS NULL)
);
COMMENT ON TABLE commune_month IS 'Residents and insured residents of a commune (or a district that stands alone) in a month, in the boundary set of that month.';
COMMENT ON COLUMN commune_month.insured IS 'NULL is unknown, never 0.';
COMMENT ON COLUMN commune_month.source_row IS 'Row of the sheet, from 1; NULL for the simulation.';

CREATE TABLE group_month (
    period VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    payer_group VARCHAR NOT NULL,
    eligible INTEGER CHECK (eligible >= 0),
    insured INTEGER CHECK (insured >= 0),
    is_simulated BOOLEAN NOT NULL,
    source_id INTEGER NOT NULL
);
COMMENT ON TABLE group_month IS 'The same people by payer group: how many may be insured in it (eligible) and how many are.';
COMMENT ON COLUMN group_month.eligible IS 'NULL where the commune has not surveyed its groups (chưa rà soát). In the public edition both counts are NULL where they are hidden (indicators/suppression.py).';

-- Computed at publishing by indicators/ -----------------------------------------------------------------------------------

CREATE TABLE unit_summary (
    period VARCHAR NOT NULL,
    level VARCHAR NOT NULL CHECK (level IN ('nation', 'region', 'province', 'district')),
    unit_code VARCHAR NOT NULL,
    rule_id VARCHAR,
    population BIGINT,
    insured BIGINT,
    uninsured BIGINT,
    population_all BIGINT,
    units INTEGER NOT NULL,
    units_reported INTEGER NOT NULL,
    units_simulated INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    met INTEGER,
    not_met INTEGER,
    unknown INTEGER,
    population_counted BIGINT,
    population_met BIGINT,
    still_to_enrol BIGINT,
    districts_met INTEGER,
    districts_not_met INTEGER,
    districts_unknown INTEGER,
    districts_not_applicable INTEGER,
    PRIMARY KEY (period, level, unit_code)
);
COMMENT ON TABLE unit_summary IS 'Sums over the communes of a unit, computed once at publishing by indicators.summary, by the national rule of the programme that owns the month.';
COMMENT ON COLUMN unit_summary.rule_id IS 'NULL where no threshold is known; then the columns about met communes are NULL too.';
COMMENT ON COLUMN unit_summary.population IS 'Residents of the units that reported both figures: the denominator of insured.';
COMMENT ON COLUMN unit_summary.population_all IS 'Residents of all units whose population is known, whether they reported or not.';
COMMENT ON COLUMN unit_summary.units IS 'Communes, whether they reported or not; districts that stand alone are not counted.';
COMMENT ON COLUMN unit_summary.units_simulated IS 'How many units that reported, districts that stand alone included, have a simulated figure.';
COMMENT ON COLUMN unit_summary.counted IS 'Communes that the programme counts (xã): met + not_met + unknown.';
COMMENT ON COLUMN unit_summary.population_met IS 'People who live in counted communes that meet the rule.';
COMMENT ON COLUMN unit_summary.still_to_enrol IS 'People to enrol so that every counted commune meets the rule; unknown communes add nothing.';

CREATE TABLE report_received (
    period VARCHAR NOT NULL,
    province_code VARCHAR NOT NULL,
    units_expected INTEGER NOT NULL,
    units_reported INTEGER NOT NULL,
    units_simulated INTEGER NOT NULL,
    PRIMARY KEY (period, province_code)
);
COMMENT ON TABLE report_received IS 'How much of each province has come in for a month; a province without any reported unit has not sent its report.';

CREATE TABLE value_file (
    boundary_set VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    programme VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    first_period VARCHAR NOT NULL,
    last_period VARCHAR NOT NULL,
    PRIMARY KEY (boundary_set, level, programme)
);
COMMENT ON TABLE value_file IS 'Map classes over time, one file per boundary set, level and programme, named after their content.';

CREATE TABLE group_total (
    period VARCHAR NOT NULL,
    level VARCHAR NOT NULL CHECK (level IN ('nation', 'province', 'district')),
    unit_code VARCHAR NOT NULL,
    payer_group VARCHAR NOT NULL,
    eligible BIGINT,
    insured BIGINT,
    uninsured BIGINT,
    units_surveyed INTEGER NOT NULL
);
COMMENT ON TABLE group_total IS 'Public edition only: sums of group_month over the communes of a unit that surveyed their groups, made before small numbers were hidden. NULL where the sum itself is hidden.';

-- Published figures, carried from data/facts ------------------------------------------------------------------------------

CREATE TABLE published_coverage (
    unit_code VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    as_of VARCHAR NOT NULL,
    insured BIGINT,
    coverage_pct DECIMAL(6, 3),
    is_estimate BOOLEAN NOT NULL,
    wording VARCHAR,
    confidence VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    PRIMARY KEY (unit_code, period)
);
COMMENT ON TABLE published_coverage IS 'Coverage as published, for the nation (VN), provinces and districts that publish it, on the population used at the time.';

CREATE TABLE published_commune_coverage (
    province_code VARCHAR NOT NULL,
    district VARCHAR NOT NULL,
    commune VARCHAR NOT NULL,
    unit_type VARCHAR NOT NULL,
    unit_code VARCHAR,
    as_of DATE NOT NULL,
    coverage_pct DECIMAL(6, 3),
    is_recognised BOOLEAN NOT NULL,
    wording VARCHAR,
    confidence VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE published_commune_coverage IS 'Coverage of single communes as newspapers and offices published it. Kept beside the figures, never mixed into totals.';

CREATE TABLE population_year (
    series VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    population BIGINT NOT NULL CHECK (population >= 0),
    is_estimated BOOLEAN NOT NULL,
    source VARCHAR NOT NULL,
    PRIMARY KEY (series, unit_code, year)
);
COMMENT ON TABLE population_year IS 'Average population of the year by series (vintage), nation and the 63 provinces.';

CREATE TABLE target (
    unit_code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    value DECIMAL(6, 3) NOT NULL,
    operator VARCHAR NOT NULL CHECK (operator IN ('>=', '>')),
    decision VARCHAR NOT NULL,
    in_force BOOLEAN NOT NULL,
    wording VARCHAR,
    confidence VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    source_id INTEGER,
    source_row INTEGER,
    PRIMARY KEY (unit_code, year, decision)
);
COMMENT ON TABLE target IS 'Coverage that a unit is to reach in a year, by decision. Not the same as a threshold.';
COMMENT ON COLUMN target.source_id IS 'The received list of targets it came from; NULL for those of data/facts.';
COMMENT ON COLUMN target.in_force IS 'False for a decision that a later one replaced.';

CREATE TABLE ntm_progress (
    as_of VARCHAR PRIMARY KEY,
    communes_total INTEGER,
    communes_recognised INTEGER,
    pct_wording VARCHAR,
    is_plan BOOLEAN NOT NULL,
    note VARCHAR,
    confidence VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE ntm_progress IS 'Communes recognised as new rural communes, nation, as published.';

CREATE TABLE reform_event (
    happened_on VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    event_vi VARCHAR NOT NULL,
    confidence VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE reform_event IS 'What changed the units, the offices or the rules, for notes on charts.';

CREATE TABLE emulation_cluster (
    cluster VARCHAR NOT NULL,
    from_year INTEGER NOT NULL,
    to_year INTEGER NOT NULL,
    province_code VARCHAR NOT NULL,
    is_lead BOOLEAN NOT NULL,
    note VARCHAR,
    confidence VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    PRIMARY KEY (cluster, from_year, province_code)
);
COMMENT ON TABLE emulation_cluster IS 'Members of the emulation clusters (cụm thi đua) that are known, with the years they are known for.';

CREATE TABLE published_unit_count (
    unit_code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    type VARCHAR NOT NULL,
    units INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    PRIMARY KEY (unit_code, year, type)
);
COMMENT ON TABLE published_unit_count IS 'Number of units by type at 31 December, General Statistics Office, 2009-2016.';

-- Records that offices send beside the monthly report ---------------------------------------------------------------------
-- Each row names its file and row (source_id, source_row); a later file replaces rows of the same key.

CREATE TABLE group_survey (
    period VARCHAR NOT NULL,
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    payer_group VARCHAR NOT NULL,
    eligible INTEGER CHECK (eligible >= 0),
    insured INTEGER CHECK (insured >= 0),
    uninsured INTEGER CHECK (uninsured >= 0),
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (period, unit_code, payer_group)
);
COMMENT ON TABLE group_survey IS 'Survey of the uninsured by payer group, as received. Publishing carries its people eligible into group_month.';

CREATE TABLE unit_population (
    series VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    population INTEGER NOT NULL CHECK (population >= 0),
    urban INTEGER CHECK (urban >= 0),
    rural INTEGER CHECK (rural >= 0),
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (series, period, unit_code)
);
COMMENT ON TABLE unit_population IS 'Residents of communes by series (census, statistics office, register), as received. Several series may stand beside each other.';

CREATE TABLE ntm_recognition (
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    standard VARCHAR NOT NULL CHECK (standard IN ('ntm', 'advanced', 'model')),
    status VARCHAR NOT NULL CHECK (status IN ('recognised', 'revoked')),
    decided_on DATE NOT NULL,
    decision VARCHAR,
    note VARCHAR,
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (unit_code, standard, status, decided_on)
);
COMMENT ON TABLE ntm_recognition IS 'Communes and districts recognised as meeting the new rural standard, by decision. Separate from meeting the threshold.';

CREATE TABLE custom_group (
    scheme VARCHAR NOT NULL CHECK (scheme IN ('emulation_cluster', 'si_office', 'commune_group', 'own')),
    group_name VARCHAR NOT NULL,
    from_year INTEGER NOT NULL,
    to_year INTEGER NOT NULL,
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    is_lead BOOLEAN NOT NULL,
    note VARCHAR,
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (scheme, group_name, from_year, unit_code),
    CHECK (to_year >= from_year)
);
COMMENT ON TABLE custom_group IS 'Groups of units beside the administrative tree: emulation clusters with their lead by year, grassroots social-insurance offices, the three commune groups of 51/2025/QĐ-TTg, a director''s own.';

CREATE TABLE plan_item (
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    task VARCHAR NOT NULL,
    target_pct DECIMAL(6, 3) CHECK (target_pct > 0 AND target_pct <= 100),
    in_charge VARCHAR,
    due_on DATE,
    state VARCHAR NOT NULL CHECK (state IN ('not_started', 'in_progress', 'done', 'late', 'dropped')),
    note VARCHAR,
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (unit_code, year, task)
);
COMMENT ON TABLE plan_item IS 'Register of plans: unit, year, task, target, who is in charge, due date, state.';

CREATE TABLE plan_month (
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    month VARCHAR NOT NULL,
    task VARCHAR NOT NULL,
    target_people INTEGER CHECK (target_people >= 0),
    in_charge VARCHAR,
    due_on DATE,
    state VARCHAR NOT NULL CHECK (state IN ('not_started', 'in_progress', 'done', 'late', 'dropped')),
    note VARCHAR,
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (unit_code, month, task)
);
COMMENT ON TABLE plan_month IS 'Plans by month: how many more people a unit is to enrol in a month, who is in charge, due date, state.';

CREATE TABLE activity (
    happened_on DATE NOT NULL,
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('dissemination', 'coordination', 'communication', 'link', 'other')),
    content VARCHAR NOT NULL,
    participants INTEGER CHECK (participants >= 0),
    in_charge VARCHAR,
    result VARCHAR,
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (happened_on, unit_code, kind, content)
);
COMMENT ON TABLE activity IS 'Log of activities: dissemination of the plan, coordination with the steering committee, communication, links to other emulation movements.';

CREATE TABLE initiative (
    kind VARCHAR NOT NULL CHECK (kind IN ('initiative', 'exemplar')),
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    holder VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    description VARCHAR,
    recognised_by VARCHAR,
    problem VARCHAR,
    copied_to VARCHAR,
    started_on DATE,
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (kind, unit_code, year, holder, title)
);
COMMENT ON COLUMN initiative.problem IS 'What it was meant to solve.';
COMMENT ON COLUMN initiative.copied_to IS 'Where it was taken up afterwards, as written.';
COMMENT ON COLUMN initiative.started_on IS 'First day of use; NULL where only the year is known.';
COMMENT ON TABLE initiative IS 'Initiatives (sáng kiến) and exemplars (điển hình) of the movement, with who holds them.';

CREATE TABLE award (
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL,
    level VARCHAR NOT NULL CHECK (level IN ('province', 'district', 'commune', 'person')),
    round VARCHAR NOT NULL CHECK (round IN ('yearly', 'mid_term', 'final')),
    year INTEGER NOT NULL,
    form VARCHAR NOT NULL,
    proposed_to_dg BOOLEAN NOT NULL,
    decision VARCHAR,
    decided_on DATE,
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (recipient, unit_code, year, round, form)
);
COMMENT ON TABLE award IS 'Awards of the movement: recipient, level, round, form, and whether proposed to the Director General (Tổng Giám đốc).';

CREATE TABLE responsibility (
    programme VARCHAR NOT NULL,
    criterion VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    in_charge VARCHAR NOT NULL,
    works_with VARCHAR,
    boundary_set VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    note VARCHAR,
    source_id INTEGER NOT NULL REFERENCES source (source_id),
    source_row INTEGER NOT NULL,
    PRIMARY KEY (programme, criterion, content, unit_code)
);
COMMENT ON TABLE responsibility IS 'Who answers for which criterion of the programme, and with whom.';

-- Closed evaluations ----------------------------------------------------------------------------------------------------
-- Written by `python -m data.evaluation close`; carried from snapshot to snapshot and never computed anew, so that a later
-- revision of the figures can be held against what was decided on.

CREATE TABLE evaluation_round (
    round_id VARCHAR NOT NULL,
    closing INTEGER NOT NULL,
    programme VARCHAR NOT NULL,
    round VARCHAR NOT NULL CHECK (round IN ('yearly', 'mid_term', 'final')),
    year INTEGER NOT NULL,
    cluster VARCHAR NOT NULL,
    from_period VARCHAR NOT NULL,
    to_period VARCHAR NOT NULL,
    boundary_set VARCHAR NOT NULL,
    closed_at VARCHAR NOT NULL,
    closed_by VARCHAR NOT NULL,
    note VARCHAR,
    snapshot_id VARCHAR NOT NULL,
    rules VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    units_simulated INTEGER NOT NULL,
    reopened_at VARCHAR,
    reopened_by VARCHAR,
    reopen_reason VARCHAR,
    PRIMARY KEY (round_id, closing)
);
COMMENT ON TABLE evaluation_round IS 'Rounds of evaluation that were closed, by whom and on which figures; a round that was reopened and closed again has several closings.';
COMMENT ON COLUMN evaluation_round.cluster IS 'Name of the emulation cluster that was closed by itself; empty for the whole country.';
COMMENT ON COLUMN evaluation_round.snapshot_id IS 'The snapshot whose figures were frozen.';
COMMENT ON COLUMN evaluation_round.rules IS 'The text of indicators/definitions/evaluation.toml as it stood, as a JSON text.';
COMMENT ON COLUMN evaluation_round.threshold IS 'Operator and value of the commune threshold, such as ">= 85"; empty where there was none.';
COMMENT ON COLUMN evaluation_round.units_simulated IS 'How many of the frozen units had simulated figures; 0 for a round that counts.';

CREATE TABLE evaluation_row (
    round_id VARCHAR NOT NULL,
    closing INTEGER NOT NULL,
    level VARCHAR NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    unit_code VARCHAR NOT NULL,
    insured_start BIGINT,
    population_start BIGINT,
    insured BIGINT,
    population BIGINT,
    shared_insured_start BIGINT,
    shared_population_start BIGINT,
    shared_insured BIGINT,
    shared_population BIGINT,
    met BIGINT,
    counted BIGINT,
    months_reported BIGINT,
    months_expected BIGINT,
    months_met BIGINT,
    months_judged BIGINT,
    is_counted BOOLEAN NOT NULL,
    is_simulated BOOLEAN NOT NULL,
    place INTEGER,
    is_tied BOOLEAN NOT NULL,
    of_units INTEGER NOT NULL,
    score VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    PRIMARY KEY (round_id, closing, level, unit_code),
    FOREIGN KEY (round_id, closing) REFERENCES evaluation_round (round_id, closing)
);
COMMENT ON TABLE evaluation_row IS 'The figures and the place of every unit of a closed round, as they were: the fields of indicators.evaluation.RoundFigures; NULL is unknown.';
COMMENT ON COLUMN evaluation_row.shared_insured IS 'With the other three shared_ columns: both ends over the communes known at both, by which an improvement is judged; in rounds closed before schema 5 the plain sums.';
COMMENT ON COLUMN evaluation_row.score IS 'Exact fraction in lowest terms, such as 1234/25; empty where there is none.';
COMMENT ON COLUMN evaluation_row.reason IS 'Why the unit was listed apart; empty where it had a place.';

# Every target prepares the machine itself: see scripts/bootstrap.py.
.PHONY: run test matrix races oracle check format bench mutants pictures lock
export PYTHONUTF8 = 1
READY = sh scripts/bootstrap.sh

run:  ## the product on this machine, with the demo stories
	@$(READY) run scripts/run.py

test:  ## the whole suite; a part of it: make test ARGS="tests/papers -k tie"
	@$(READY) test scripts/test.py $(ARGS)

matrix:  ## everybody at every address: the whole access matrix, of which make test asks a tenth
	@$(READY) test scripts/matrix.py $(ARGS)

races:  ## people at the same instant, five hundred times each: about ten minutes on four idle cores
	@RACE_REPETITIONS=500 $(READY) test scripts/test.py tests/races --dist load $(ARGS)

oracle:  ## five thousand random trees against an oracle of who reaches what
	@TREE_ORACLE=5000 $(READY) test scripts/test.py tests/organizations/test_scopes_oracle.py $(ARGS)

check:  ## layers, formatting, types, templates, migrations
	@$(READY) check scripts/check.py $(ARGS)

format:
	@$(READY) check -m ruff format .
	@$(READY) check -m ruff check --fix .

bench:  ## what is measured: JSON lines
	@$(READY) test benchmarks/run.py $(ARGS)

mutants:  ## small changes of the rules, each of which some test must notice: 20 to 60 minutes
	@$(READY) test scripts/mutants.py $(ARGS)

pictures:  ## pictures of the user guide, taken from the running demo
	@$(READY) test scripts/pictures.py $(ARGS)

lock:  ## compile requirements*.in into the hashed lock files
	@$(READY) run scripts/lock.py

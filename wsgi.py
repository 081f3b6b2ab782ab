import gc

gc.disable()  # what is imported and wired stays: to look for rubbish in it, over and over, is a sixth of a start
from planner import create_app  # noqa: E402

app = create_app()
gc.freeze()
gc.enable()

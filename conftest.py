"""What holds for every test: nothing leaves this machine."""

pytest_plugins = ("tests.guard",)

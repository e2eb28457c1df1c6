"""A customer orders, a kitchen answers while its network is gone, a driver says where they are: all three engines in one
Python process, over the bindings that `cargo xtask bindings` makes for phones. Run by `python.rs`."""

import asyncio
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import threading
import urllib.request

import momfood
import small_shell
from momfood import AppName, Engine, EngineError, EventListener, OpenConfig, PushService, Why

SERVER = os.environ["STORY_SERVER"]
FOLDER = os.environ["STORY_FOLDER"]
SIGN_INS = {person["app"]: person for person in json.loads(os.environ["STORY_SIGN_INS"])}
PATIENCE = 30


class Wire:
    """Between the engines and the server; it can be cut, and it can lose the answers alone."""

    def __init__(self):
        self.passes = "everything"
        self.open = set()
        self.still = asyncio.Event()

    async def lay(self):
        self.line = await asyncio.start_server(self.carry, "127.0.0.1", 0)
        return "http://127.0.0.1:%d" % self.line.sockets[0].getsockname()[1]

    async def carry(self, reader, writer):
        if self.passes == "nothing":
            return writer.close()
        host, port = SERVER.split(":")
        try:
            far_reader, far_writer = await asyncio.open_connection(host, port)
        except OSError:
            return writer.close()
        ends = {writer, far_writer}
        self.open |= ends
        self.still.clear()
        await asyncio.gather(
            self.pump(reader, far_writer, {"everything", "questions"}),
            self.pump(far_reader, writer, {"everything"}),
        )
        self.open -= ends
        if not self.open:
            self.still.set()

    async def pump(self, reader, writer, when):
        try:
            while data := await reader.read(65536):
                if self.passes in when:
                    writer.write(data)
                    await writer.drain()
        except OSError:
            pass
        writer.close()

    def cut(self):
        self.passes = "nothing"
        for end in self.open:
            end.transport.abort()

    async def quiet(self):
        await asyncio.wait_for(self.still.wait(), PATIENCE)

    def lose_answers(self):
        self.passes = "questions"

    def mend(self):
        # What was under way is lost; a new connection gets through.
        self.cut()
        self.passes = "everything"


class Ear(EventListener):
    """Keeps the Events, and lets the story wait for one."""

    def __init__(self, fails=False):
        self.heard = []
        self.fails = fails
        self.bell = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def on_event(self, event):
        assert threading.current_thread() is not threading.main_thread()
        self.loop.call_soon_threadsafe(self.keep, json.loads(event))
        if self.fails:
            raise RuntimeError("this ear fails at every Event")

    def keep(self, event):
        self.heard.append(event)
        self.bell.set()

    async def hear(self, **wanted):
        async def listen():
            while True:
                for at, event in enumerate(self.heard):
                    if wanted.items() <= event.items():
                        del self.heard[at]
                        return event
                self.bell.clear()
                await self.bell.wait()

        try:
            return await asyncio.wait_for(listen(), PATIENCE)
        except asyncio.TimeoutError:
            raise AssertionError(f"{wanted} was not heard, only {self.heard}") from None


async def ask(engine, name, **args):
    return json.loads(await engine.call(json.dumps({"call": name, "args": args})))


async def refused(engine, name, **args):
    try:
        reply = await ask(engine, name, **args)
    except EngineError.Failed as error:
        return error.code
    raise AssertionError(f"{name} was not refused: {reply}")


async def until(engine, name, holds, ear, event, **args):
    """Asks again at each such Event until it holds."""
    while True:
        reply = await ask(engine, name, **args)
        if holds(reply):
            return reply
        await ear.hear(event=event)


def open_engine(app, server, folder=FOLDER):
    return Engine.open(OpenConfig(app=app, folder=folder, server=server))


def times_open(name):
    """How often this process has that file open."""
    path = os.path.realpath(os.path.join(FOLDER, name))
    links = [os.path.join("/proc/self/fd", number) for number in os.listdir("/proc/self/fd")]
    return sum(os.path.islink(link) and os.path.realpath(link) == path for link in links)


def engines():
    """Each has its own cache open."""
    return sum(times_open(f"{app}/cache.db") for app in ("customer", "kitchen", "driver"))


def of_server(path, token=None, body=None):
    """The server's own word, past wire and engine."""
    request = urllib.request.Request(f"http://{SERVER}/api/v1/{path}")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    if body:
        request.add_header("content-type", "application/json")
        request.data = json.dumps(body).encode()
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["data"]


async def both_sides_open_at_once(server):
    """Eight threads come through the bindings while eight come in Rust: one engine, its files open once."""
    together = threading.Barrier(9)
    found, failed = [], []

    def come():
        together.wait()
        try:
            found.append(open_engine(AppName.DRIVER, server))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    loop = asyncio.get_running_loop()

    def rust():
        together.wait()
        return small_shell.open_in_rust(FOLDER, server, 8)

    windows = await loop.run_in_executor(None, rust)
    for thread in threads:
        thread.join()
    assert (len(found), len(windows), failed) == (8, 8, []), (found, windows, failed)
    assert (engines(), times_open("driver/cache.db")) == (1, 1), (engines(), times_open("driver/cache.db"))
    return found, windows


async def story():
    wire = Wire()
    server = await wire.lay()
    loop = asyncio.get_running_loop()

    # --- The door -------------------------------------------------------------------------------------------
    services, windows = await both_sides_open_at_once(server)
    driver = services[0]
    kitchen = open_engine(AppName.KITCHEN, server)
    customer = open_engine(AppName.CUSTOMER, server)
    for folder, elsewhere in [(FOLDER + "/other", server), (FOLDER, "http://127.0.0.1:9")]:
        try:
            open_engine(AppName.KITCHEN, elsewhere, folder)
            raise AssertionError("a second engine of one app")
        except EngineError.Failed as error:
            assert error.code == "other_engine" and error.explanation, error
    assert engines() == 3
    # Another process gets none of them.
    second = await loop.run_in_executor(None, run_again, "second", server)
    assert second == "in_use", second

    # --- What is refused, is refused with a code ---------------------------------------------------------------
    assert await refused(kitchen, "SignIn", email="saj@demo.momfood.test", password="wrong-password") == "invalid_credentials"
    assert await refused(kitchen, "Nonsense") == "protocol"
    assert await refused(kitchen, "PlaceOrder") == "forbidden"
    assert await refused(kitchen, "GetBoard") == "unauthenticated"
    try:
        await kitchen.call("{no JSON")
        raise AssertionError("read what is no JSON")
    except EngineError.Failed as error:
        assert error.code == "malformed_json", error
    try:
        await kitchen.register_push(PushService.FCM, "token")
        raise AssertionError("a kitchen is told nothing by push")
    except EngineError.Failed as error:
        assert error.code == "forbidden", error

    # --- Everybody signs in --------------------------------------------------------------------------------------
    ears = {}
    subscriptions = []
    for app, engine in [("customer", customer), ("kitchen", kitchen), ("driver", driver)]:
        ears[app] = Ear()
        subscriptions.append(engine.subscribe(ears[app]))
        person = SIGN_INS[app]
        state = await ask(engine, "SignIn", email=person["email"], password=person["password"])
        assert state["user"]["email"] == person["email"], state
        heard = await ears[app].hear(event="session")
        assert heard["user"] == state["user"], heard
        await until(engine, "GetConnection", lambda line: line["line"] == "live", ears[app], "connection")
    # One that fails at every Event ends nobody, not even itself.
    failing = Ear(fails=True)
    subscriptions.append(kitchen.subscribe(failing))
    # The window in Rust and the service in Python are at the same engine.
    signed_in = json.loads(await windows[-1].ask("GetSession", "{}"))
    assert signed_in["ok"]["user"]["email"] == SIGN_INS["driver"]["email"], signed_in

    # --- The customer places an order ----------------------------------------------------------------------------
    restaurant = SIGN_INS["kitchen"]["restaurantId"]
    page = (await ask(customer, "GetRestaurant", id=restaurant))["page"]
    items = [item for category in page["menu"]["categories"] for item in category["items"]]
    plain = next(
        item
        for item in items
        if item["availability"]["state"] == "available"
        and not item.get("dayparts")
        and all(group.get("min", 0) == 0 for group in item.get("optionGroups", []))
    )
    line = {"itemId": plain["id"], "quantity": 9}
    await ask(customer, "AddToCart", restaurantId=restaurant, line=line, replace=True)
    await ask(customer, "SetFulfilment", fulfilment="pickup")
    quote = await ask(customer, "GetQuote")
    order_id = (await ask(customer, "NewOrderId"))["id"]
    placed = await ask(
        customer, "PlaceOrder", orderId=order_id, quoteId=quote["id"], paymentMethod="cash", cardToken=None, note=None
    )
    assert placed["id"] == order_id, placed
    await ears["kitchen"].hear(event="new_order", id=order_id)
    await failing.hear(event="new_order", id=order_id)

    # --- The kitchen's network goes, and it goes on --------------------------------------------------------------
    token = of_server("auth/login", body={"email": SIGN_INS["customer"]["email"], "password": SIGN_INS["customer"]["password"], "role": "customer"})["accessToken"]
    wire.cut()
    for engine in (kitchen, customer, driver):
        engine.lose_network()
    await until(kitchen, "GetConnection", lambda line: line["line"] == "offline", ears["kitchen"], "connection")
    accepted = await ask(kitchen, "AcceptOrder", id=order_id, prepMinutes=20)
    assert accepted["unconfirmed"], accepted
    outbox = await ask(kitchen, "GetOutbox")
    assert [(tap["name"], tap["orderId"]) for tap in outbox["waiting"]] == [("order.accept", order_id)], outbox
    picture = os.urandom(100_000)
    name = json.loads(await driver.put_blob(picture))
    assert name == {"sha256": hashlib.sha256(picture).hexdigest(), "size": len(picture)}, name
    assert of_server(f"orders/{order_id}", token)["status"] == "pending"

    # --- It comes back halfway: the server hears, its answer is lost ----------------------------------------------
    wire.lose_answers()
    kitchen.wake()
    for _ in range(PATIENCE * 20):
        if of_server(f"orders/{order_id}", token)["status"] == "accepted":
            break
        await asyncio.sleep(0.05)
    outbox = await ask(kitchen, "GetOutbox")
    assert len(outbox["waiting"]) == 1, "it was confirmed without an answer"
    ears["customer"].heard.clear()

    # --- It comes back: once is once -------------------------------------------------------------------------------
    wire.mend()
    for engine in (kitchen, customer, driver):
        engine.wake()
    await ears["customer"].hear(event="order", id=order_id)
    seen = await until(
        customer, "GetOrder", lambda track: track["order"]["status"] == "accepted", ears["customer"], "order", id=order_id
    )
    outbox = await until(kitchen, "GetOutbox", lambda outbox: not outbox["waiting"], ears["kitchen"], "outbox")
    assert outbox["refused"] == [], outbox
    truth = of_server(f"orders/{order_id}", token)
    steps = [step["kind"] for step in truth["timeline"]]
    assert steps == ["placed", "accepted"], steps
    assert truth["rev"] == seen["order"]["rev"], (truth["rev"], seen["order"]["rev"])

    # --- The driver says where they are ---------------------------------------------------------------------------
    assert (await driver.pace()).reason == Why.OFF_SHIFT
    here = {"lat": page["restaurant"]["point"]["lat"], "lng": page["restaurant"]["point"]["lng"]}
    await until(driver, "GetConnection", lambda line: line["line"] == "live", ears["driver"], "connection")
    home = await ask(driver, "SetShift", on=True, point=here)
    assert home["day"]["shift"] is not None, home
    pace = await driver.pace()
    assert pace.reason != Why.OFF_SHIFT and pace.seconds > 0, pace
    await ears["driver"].hear(event="pace")
    await driver.report_position(here["lat"], here["lng"], 90)

    # --- Who no longer listens hears nothing --------------------------------------------------------------------
    kept = ears["kitchen"]
    subscriptions[1].end()
    kept.heard.clear()
    still = Ear()
    subscriptions.append(kitchen.subscribe(still))
    await ask(kitchen, "StartPreparing", id=order_id)
    await still.hear(event="order", id=order_id)
    assert kept.heard == [], kept.heard
    # Letting go of a subscription ends it too.
    silent = Ear()
    kitchen.subscribe(silent)
    await ask(kitchen, "MarkReady", id=order_id)
    await still.hear(event="order", id=order_id)
    assert silent.heard == [], silent.heard

    # --- What is kept is kept for whoever may read it ---------------------------------------------------------------
    for app in SIGN_INS:
        secrets = pathlib.Path(FOLDER, app, "secrets")
        files = [file for file in secrets.rglob("*") if file.is_file()] if secrets.exists() else []
        assert app == "admin" or files, app
        for file in files:
            assert file.stat().st_mode & 0o777 == 0o600, file
            assert b"demo.momfood.test" not in file.read_bytes(), file
    wire.cut()
    await wire.quiet()


def run_again(part, server):
    """Another process with the same folder."""
    again = subprocess.run(
        [sys.executable, __file__, part, server], capture_output=True, text=True, timeout=PATIENCE * 2
    )
    assert again.returncode == 0, again.stderr
    return again.stdout.strip()


async def after_a_restart(server):
    """Still signed in, and what was still waiting is handed in."""
    kitchen = open_engine(AppName.KITCHEN, server)
    ear = Ear()
    subscription = kitchen.subscribe(ear)
    user = (await ask(kitchen, "GetSession"))["user"]
    outbox = await until(kitchen, "GetOutbox", lambda outbox: not outbox["waiting"], ear, "outbox")
    subscription.end()
    print(user and user["email"], len(outbox["refused"]))


def second(server):
    try:
        open_engine(AppName.KITCHEN, server)
        print("a second engine")
    except EngineError.Failed as error:
        print(error.code)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["second", server]:
            second(server)
        case ["restart"]:
            asyncio.run(after_a_restart(f"http://{SERVER}"))
        case _:
            asyncio.run(asyncio.wait_for(story(), 240))
    # The engines go on to the end of the process, and their threads must not find Python half taken down.
    sys.stdout.flush()
    os._exit(0)

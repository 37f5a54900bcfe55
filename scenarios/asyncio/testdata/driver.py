"""Runs programs on the real asyncio: a line of JSON in, which is a list of programs, a line of JSON out, which is a list of what happened.

A program is a list of operations, of which some hold others: what a callback or a coroutine does. Only the clock and what waits are put in
place of the real ones: nothing sleeps, and after some time of idleness the loop is told to stop, as another thread would do it. Texts
lose what is never the same: addresses, and where functions were defined.
"""
import asyncio
import concurrent.futures
import json
import logging
import re
import selectors
import sys
import threading
import warnings

AWAITS = ("await", "sleep", "yield", "wait", "gather")
IDLE = 1000.0  # seconds between two looks of the one who stops loops that wait
SHIFT = 1 / 512  # so that no timer is due when it looks: delays are whole 1/256 seconds

PLACES = re.compile(r" at (0x[0-9a-f]+|/[^\s,\]>'\"]+)")

STATES = re.compile(r"_set_state\(<.{0,40}?>, <.{0,40}?>\)")  # an address in an abbreviated text
QUOTED = re.compile(r'"([^"\']*_set_state\(\))"')  # by what STATES has taken out
NUMBER = re.compile(r"^Future \d+ in")


def plain(text):
    text = NUMBER.sub("Future in", PLACES.sub("", STATES.sub("_set_state()", text)))
    text = QUOTED.sub(r"'\1'", text)
    return text.replace("CancelledError('')", "CancelledError()")  # the argument says nothing


def show(exc):
    text = plain(str(exc))
    return type(exc).__name__ + (": " + text if text else "")


class Program:
    def __init__(self):
        self.events = []
        self.over = False
        self.now = 0.0
        self.loops = [Loop(self), Loop(self)]
        self.handles = []
        self.futures = []
        self.concurrents = []
        self.callbacks = []
        self.tasks = []  # so that none is collected
        self.pools = [Pool(), Pool(), Pool()]
        for loop, pool in zip(self.loops, self.pools):
            loop.set_default_executor(pool.executor)

    def say(self, *words):
        self.events.append(" ".join(str(w) for w in words))

    def run(self, ops):
        for op in ops:
            try:
                result = self.do(op)
            except Leave as e:
                raise e.exc
            except BaseException as e:
                self.say(op["id"], op["k"], "raised", show(e))
            else:
                if result is not None:
                    self.say(op["id"], op["k"], result)

    async def body(self, ops, older):
        for op in ops:
            try:
                result = await self.await_(op, older) if op["k"] in AWAITS else self.do(op)
            except Leave as e:
                raise e.exc
            except GeneratorExit:
                raise  # the program is over
            except BaseException as e:
                self.say(op["id"], op["k"], "raised", show(e))
                if op["k"] in AWAITS and not op.get("catch"):
                    raise
            else:
                if result is not None:
                    self.say(op["id"], op["k"], result)
        return ops[-1]["id"] if ops else None

    async def await_(self, op, older):
        """It waits for older futures only, since a ring of tasks that wait for one another cannot be cancelled."""
        k = op["k"]
        if k == "await":
            f = pick(self.futures[:older], op)
            return None if f is None else repr(await f)
        if k == "sleep":
            await asyncio.sleep(op["d"])
            return "slept"
        if k == "yield":
            await asyncio.sleep(0)
            return "yielded"
        if k == "wait":
            return await self.wait(op, older)
        if k == "gather":
            fs = self.several(op, older)
            if not fs:
                return None
            return plain(repr(await asyncio.gather(*fs, return_exceptions=op.get("catch", False))))

    async def wait(self, op, older):
        fs = self.several(op, older)
        if not fs:
            return None
        when = [asyncio.ALL_COMPLETED, asyncio.FIRST_EXCEPTION, asyncio.FIRST_COMPLETED][op["v"] % 3]
        done, pending = await asyncio.wait(fs, timeout=op["d"] or None, return_when=when)
        return "%d done, %d pending" % (len(done), len(pending))

    def several(self, op, older):
        loop = self.loops[op["l"]]
        return [f for f in self.futures[: min(op["t"], older)] if f._loop is loop]

    def do(self, op):
        k = op["k"]
        loop = self.loops[op["l"]]
        if k in ("call_soon", "call_soon_threadsafe"):
            self.handles.append(getattr(loop, k)(Callback(self, op)))
        elif k == "call_later":
            self.handles.append(loop.call_later(op["d"], Callback(self, op)))
        elif k == "burst":
            self.burst(loop, op)
        elif k == "stop":
            loop.stop()
        elif k == "close":
            loop.close()
        elif k == "run_forever":
            loop.run_forever()
            return "ran"
        elif k == "run_until_complete":
            f = pick(self.futures, op)
            return None if f is None else "ran " + repr(loop.run_until_complete(f))
        elif k == "raise":
            raise Leave(exception(op))
        elif k == "handler":
            loop.set_exception_handler([None, self.tell, self.fail][op["v"] % 3])
        elif k == "state":
            return "%s %s %d %r" % (loop.is_running(), loop.is_closed(), loop.waiting(), self.now)
        elif k == "future":
            self.futures.append(loop.create_future())
        elif k == "task":
            self.task(loop, op)
        elif k == "threadsafe":
            coro = self.body(op["b"] or [], len(self.futures))
            try:
                self.concurrents.append(asyncio.run_coroutine_threadsafe(coro, loop))
            except BaseException:
                coro.close()
                raise
        elif k == "concurrent":
            self.concurrents.append(concurrent.futures.Future())
        elif k == "wrap":
            c = pick(self.concurrents, op)
            if c is not None:
                self.futures.append(asyncio.wrap_future(c, loop=loop))
        elif k == "job":
            self.job(loop, op)
        elif k == "release":
            self.pools[op["t"] % 3].release()
        elif k == "pool_shutdown":
            self.pools[op["t"] % 3].executor.shutdown(wait=False)
        elif k.startswith("c_"):
            return self.on_concurrent(k[2:], op)
        elif k.startswith("h_"):
            return self.on_handle(k[2:], op)
        elif k.startswith("f_"):
            return self.on_future(k[2:], op)
        else:
            raise AssertionError("no such operation: " + k)

    def task(self, loop, op):
        coro = self.body(op["b"] or [], len(self.futures))
        try:
            self.futures.append(loop.create_task(coro))
        except BaseException:
            coro.close()
            raise

    def job(self, loop, op):
        """A job on the loop's own executor or on another. It runs, or waits behind the one that does, until its pool is released."""
        own = op["catch"]
        pool = self.pools[op["l"] if own else 2]
        gate, begun = pool.gate, threading.Event()

        def fn():
            begun.set()
            gate.wait()
            self.say("job%d" % op["id"])
            if op["s"]:
                raise exception(op)
            return op["v"]

        self.futures.append(loop.run_in_executor(None if own else pool.executor, fn))
        if not pool.busy:
            begun.wait()
            pool.busy = True

    def burst(self, loop, op):
        handles = [loop.call_later(op["d"] * (i * 7 % 5), Callback(self, op, "%d." % i)) for i in range(op["v"])]
        for i, h in enumerate(handles):
            if i % 3 != op["t"] % 3:
                h.cancel()

    def on_handle(self, k, op):
        h = pick(self.handles, op)
        if h is None:
            return None
        if k == "cancel":
            return h.cancel()
        if k == "cancelled":
            return h.cancelled()
        return plain(repr(h))

    def on_future(self, k, op):
        f = pick(self.futures, op)
        if f is None:
            return None
        if k == "add":
            cb = Callback(self, op)
            self.callbacks.append(cb)
            return f.add_done_callback(cb)
        if k == "again":
            cb = self.callbacks[op["v"] % len(self.callbacks)] if self.callbacks else None
            return None if cb is None else f.add_done_callback(cb)
        if k == "remove":
            cb = self.callbacks[op["v"] % len(self.callbacks)] if self.callbacks else None
            return None if cb is None else f.remove_done_callback(cb)
        if k == "set_result":
            return f.set_result(op["v"])
        if k == "set_exception":
            return f.set_exception(exception(op))
        if k == "exception":
            return repr(f.exception())
        if k == "result":
            return repr(f.result())
        if k == "repr":
            return plain(repr(f))
        return getattr(f, k)()

    def on_concurrent(self, k, op):
        c = pick(self.concurrents, op)
        if c is None:
            return None
        if k == "add":
            return c.add_done_callback(Callback(self, op))
        if k == "set_result":
            return c.set_result(op["v"])
        if k == "set_exception":
            return c.set_exception(exception(op))
        if k == "start":
            return c.set_running_or_notify_cancel()
        if k == "result":
            return repr(c.result()) if c.done() else "not done"
        if k == "repr":
            return plain(repr(c))
        return getattr(c, k)()

    def tell(self, loop, context):
        self.say("handler", plain(context["message"]), show(context["exception"]))

    def fail(self, loop, context):
        self.say("failing handler", plain(context["message"]))
        raise ZeroDivisionError("handler")


class Pool:
    """An executor with one thread, which does something only while the program waits for it: so there is one order only."""

    def __init__(self):
        self.executor = concurrent.futures.ThreadPoolExecutor(1)
        self.gate = threading.Event()
        self.busy = False  # with a job that waits at the gate

    def release(self):
        self.gate.set()
        if self.busy:
            try:
                self.executor.submit(int).result()
            except RuntimeError:
                self.executor.shutdown(wait=True)
        self.gate, self.busy = threading.Event(), False


class Leave(Exception):
    def __init__(self, exc):
        self.exc = exc


def exception(op):
    return {"KeyboardInterrupt": KeyboardInterrupt, "SystemExit": SystemExit, "RuntimeError": RuntimeError,
            "StopIteration": StopIteration}.get(op["s"], ValueError)("e%d" % op["v"])


def pick(of, op):
    return of[op["t"] % len(of)] if of else None


class Callback:
    """One that messages show by its name."""

    def __init__(self, program, op, prefix=""):
        self.program, self.op, self.name = program, op, prefix + str(op["id"])

    def __repr__(self):
        return "cb" + self.name

    def __call__(self, *args):
        self.program.say("cb" + self.name)
        self.program.run(self.op["b"] or [])


class Clock(selectors.DefaultSelector):
    """A selector that does not wait but moves the clock."""

    def select(self, timeout=None):
        events = super().select(0)
        if events or timeout is not None and timeout <= 0:
            return events
        p, loop = self.program, self.loop
        looks = (p.now - SHIFT) // IDLE * IDLE + IDLE + SHIFT
        if timeout is None or p.now + timeout >= looks:
            p.now = looks
            loop.call_soon_threadsafe(loop.stop)
        else:
            p.now += timeout
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    def __init__(self, program):
        clock = Clock()
        clock.program, clock.loop, self.program = program, self, program
        super().__init__(clock)

    def create_task(self, coro, **kwargs):
        self._check_closed()
        tasks = self.program.tasks
        if sys.version_info >= (3, 8):
            kwargs["name"] = "Task-%d" % (len(tasks) + 1)
        tasks.append(super().create_task(coro, **kwargs))
        return tasks[-1]

    def call_exception_handler(self, context):
        # What the collector says comes when it likes.
        if not self.program.over and "was never retrieved" not in context["message"]:
            super().call_exception_handler(context)

    def time(self):
        return self.program.now

    def waiting(self):
        return sum(1 for h in self._ready if h._callback != self._read_from_self)


class Log(logging.Handler):
    program = None

    def emit(self, record):
        if self.program is not None:
            exc = record.exc_info and record.exc_info[1]
            self.program.say("log", plain(record.getMessage()), show(exc) if exc else "")


def run(ops, log):
    p = log.program = Program()
    try:
        p.run(ops)
    except BaseException:
        pass  # the program ends there
    for pool in p.pools:
        pool.release()
        pool.executor.shutdown(wait=True)
    log.program = None
    p.over = True
    for loop in p.loops:
        loop.close()
    return list(p.events)


def main():
    log = Log()
    logging.getLogger().addHandler(log)
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    sys.unraisablehook = lambda unraisable: None
    warnings.simplefilter("ignore")
    asyncio.coroutines._format_coroutine = lambda coro: "coroutine"
    asyncio.base_tasks.coroutines._format_coroutine = asyncio.coroutines._format_coroutine
    print(json.dumps({"python": sys.version.split()[0]}), flush=True)
    for line in sys.stdin:
        print(json.dumps([run(ops, log) for ops in json.loads(line)]), flush=True)


main()

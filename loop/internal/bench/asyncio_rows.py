"""The rows of this directory's benchmarks that CPython's asyncio has too. Run by hand:

    python3 loop/internal/bench/asyncio_rows.py

Each row is the least of five runs, per operation: the time on the wall, and that on the processors, which says more on a machine with other things
to do. The garbage collector is off, as timeit has it.
"""
import asyncio
import concurrent.futures
import gc
import sys
import threading
import time

RUNS = 5
WORKERS = 8


def post_from(loop, threads, n):
    """n callbacks from several threads, by call_soon_threadsafe, until all have run."""
    called, done = 0, threading.Event()

    def callback():
        nonlocal called
        called += 1
        if called == n:
            done.set()

    def poster():
        for _ in range(n // threads):
            loop.call_soon_threadsafe(callback)

    workers = [threading.Thread(target=poster) for _ in range(threads)]
    begin = time.perf_counter()
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    done.wait()
    return (time.perf_counter() - begin) / n


def post_from_the_loop(loop, n):
    """A callback that posts itself, by call_soon."""
    called, done = 0, threading.Event()

    def callback():
        nonlocal called
        called += 1
        if called == n:
            done.set()
        else:
            loop.call_soon(callback)

    begin = time.perf_counter()
    loop.call_soon_threadsafe(callback)
    done.wait()
    return (time.perf_counter() - begin) / n


def one():
    return 1


def ping_pong(loop, n):
    """Work on a worker, its done callback on the loop, and the next work from there."""
    ended, done = 0, threading.Event()
    pool = concurrent.futures.ThreadPoolExecutor(WORKERS)

    def again(_):
        nonlocal ended
        ended += 1
        if ended == n:
            done.set()
        else:
            loop.run_in_executor(pool, one).add_done_callback(again)

    begin = time.perf_counter()
    loop.call_soon_threadsafe(again, None)
    done.wait()
    spent = (time.perf_counter() - begin) / n
    pool.shutdown()
    return spent


def results(loop, n):
    """Many jobs, and then their results."""
    pool = concurrent.futures.ThreadPoolExecutor(WORKERS)

    async def all_of_them():
        begin = time.perf_counter()
        await asyncio.gather(*[loop.run_in_executor(pool, one) for _ in range(n)])
        return (time.perf_counter() - begin) / n

    spent = asyncio.run_coroutine_threadsafe(all_of_them(), loop).result()
    pool.shutdown()
    return spent


def timers(loop, n):
    """100,000 timers, of mixed deadlines, set and cancelled; for all of them, as the Go row."""

    def set_and_cancel():
        begin = time.perf_counter()
        handles = [loop.call_later(3600 + (i * 7919 % n) * 1e-9, one) for i in range(n)]
        for h in handles:
            h.cancel()
        spent.append(time.perf_counter() - begin)
        done.set()

    spent, done = [], threading.Event()
    loop.call_soon_threadsafe(set_and_cancel)
    done.wait()
    return spent[0]


def least(name, row, n, *args):
    wall = processor = float("inf")
    for _ in range(RUNS):
        loop = asyncio.new_event_loop()
        runner = threading.Thread(target=loop.run_forever)
        runner.start()
        gc.collect()
        before = time.process_time()
        wall = min(wall, row(loop, *args, n))
        processor = min(processor, (time.process_time() - before) / n)
        loop.call_soon_threadsafe(loop.stop)
        runner.join()
        loop.close()
    if row is timers:
        processor *= n  # as its wall time, for all of them
    print(f"{name}: {wall * 1e9:,.0f} ns/op, {processor * 1e9:,.0f} on the processors", flush=True)


def main():
    gc.disable()
    print("Python", sys.version.split()[0])
    for threads in 1, 4, 64:
        least(f"Post/from={threads}", post_from, 64_000, threads)
    least("PostFromTheLoop", post_from_the_loop, 100_000)
    least("PingPong", ping_pong, 10_000)
    least("Result", results, 10_000)
    least("Timers", timers, 100_000)


if __name__ == "__main__":
    main()

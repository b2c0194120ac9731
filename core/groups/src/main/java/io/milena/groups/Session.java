package io.milena.groups;

/**
 * How long somebody is believed to live, and the timer that watches it. A heartbeat only moves the deadline; the timer is moved when
 * it fires too early, so that heartbeats cost no timer operation.
 */
final class Session {
    private static final long NOT_RUNNING = Long.MAX_VALUE;

    private long deadlineMs = NOT_RUNNING;
    private long timerMs = NOT_RUNNING;

    /** Lives until then. */
    void extend(TimerKey.Session key, long newDeadlineMs, Turn turn) {
        deadlineMs = newDeadlineMs;
        if (timerMs > newDeadlineMs) {
            start(key, turn);
        }
    }

    /** The timer has fired: true when the session is over; else it goes on and the timer with it. */
    boolean isOver(TimerKey.Session key, Turn turn) {
        timerMs = NOT_RUNNING;
        if (deadlineMs <= turn.nowMs()) {
            return true;
        }
        start(key, turn);
        return false;
    }

    private void start(TimerKey.Session key, Turn turn) {
        timerMs = deadlineMs;
        turn.setTimer(key, deadlineMs);
    }
}

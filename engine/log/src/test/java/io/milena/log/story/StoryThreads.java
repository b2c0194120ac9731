package io.milena.log.story;

import io.milena.runtime.Threads;

/** All threads are virtual: thousands of stories start and end many. There is no housekeeper, so that its work is done when a test says, and at no other moment. */
public enum StoryThreads implements Threads {
    INSTANCE;

    @Override
    public Thread start(String name, Runnable body) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(body);
        if (!name.equals("housekeeper")) {
            thread.start();
        }
        return thread;
    }

    @Override
    public Thread startBlocking(String name, Runnable body) {
        return start(name, body);
    }
}

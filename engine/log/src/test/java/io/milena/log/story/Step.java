package io.milena.log.story;

import java.io.IOException;

/** Something that happens in a {@link Story}: done to the directory and to the model alike. */
@FunctionalInterface
interface Step {
    void take(Story story) throws IOException, InterruptedException;
}

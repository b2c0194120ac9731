package io.milena.log.story;

import io.milena.log.story.LogModel.Ending;
import java.io.IOException;

/** The process or the computer dies, with what the page cache held or some of it or nothing, and starts again. */
enum PowerCutStep implements Step {
    KILL,
    LOSING_SOME,
    LOSING_ALL_UNFORCED;

    @Override
    public void take(Story story) throws IOException {
        switch (this) {
            case KILL -> story.crash(Ending.KILL, disk -> disk.processKill());
            case LOSING_SOME -> story.crash(Ending.POWER_CUT, disk -> disk.crash(story.random()));
            case LOSING_ALL_UNFORCED -> story.crash(Ending.POWER_CUT, disk -> disk.crashKeepingOnlyForced());
        }
    }
}

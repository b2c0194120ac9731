package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the controller makes of one command: records that change the image, or an error and its reason. */
public record Decision(
        List<Message> records, ErrorCode error, @Nullable String message) {
    static Decision of(List<Message> records) {
        return new Decision(List.copyOf(records), ErrorCode.NONE, null);
    }

    static Decision refused(ErrorCode error, String message) {
        return new Decision(List.of(), error, message);
    }

    public boolean isRefused() {
        return error != ErrorCode.NONE;
    }
}

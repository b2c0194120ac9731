package io.milena.protocol;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** From a message of Kafka's classes to the same message in ours, field by field of the same name. */
final class Translation {
    private Translation() {}

    static Message ours(org.apache.kafka.common.protocol.Message theirs, Class<? extends Message> type) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                Object value =
                        theirs.getClass().getMethod(components[i].getName()).invoke(theirs);
                values[i] = value(value, components[i].getGenericType());
                types[i] = components[i].getType();
            }
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Object value(@Nullable Object theirs, Type type) {
        return switch (theirs) {
            case null -> null;
            case Uuid uuid -> new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
            case byte[] bytes -> ByteBuffer.wrap(bytes);
            case MemoryRecords records -> new Payload.InMemory(records.buffer());
            case Collection<?> list -> list(list, ((ParameterizedType) type).getActualTypeArguments()[0]);
            case org.apache.kafka.common.protocol.Message struct ->
                ours(struct, ((Class<?>) type).asSubclass(Message.class));
            default -> theirs;
        };
    }

    private static List<@Nullable Object> list(Collection<?> theirs, Type element) {
        List<@Nullable Object> list = new ArrayList<>();
        theirs.forEach(each -> list.add(value(each, element)));
        return list;
    }
}

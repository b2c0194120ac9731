package io.milena.protocol;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Random messages of Kafka's own classes, filled along the components of our records: a component that they do not have ends the test. The
 * same seed gives the same messages.
 */
final class Specimens {
    private static final short ANY_VERSION = -1;
    private static final String LETTERS = "abc-._/ \u00e9\u4e2d\ud83d\ude80";

    private final Twin twin;
    private final SplittableRandom random;
    private double density;
    private short version;

    Specimens(Twin twin, long seed) {
        this.twin = twin;
        this.random = new SplittableRandom(seed ^ twin.toString().hashCode());
    }

    /** A message that the version can say: a field it refuses stays at its default. */
    org.apache.kafka.common.protocol.Message fitting(short version) {
        this.version = version;
        this.density = random.nextInt(4) == 0 ? 0.4 : 0.95;
        return struct(twin.theirs(), twin.ours());
    }

    /** A message with a few fields set, whether or not a version can say them. */
    org.apache.kafka.common.protocol.Message sparse() {
        this.version = ANY_VERSION;
        this.density = 0.15 + 0.2 * random.nextDouble();
        return struct(twin.theirs(), twin.ours());
    }

    private org.apache.kafka.common.protocol.Message struct(Class<?> theirs, Class<?> ours) {
        try {
            var struct = (org.apache.kafka.common.protocol.Message)
                    theirs.getConstructor().newInstance();
            for (RecordComponent component : ours.getRecordComponents()) {
                if (random.nextDouble() < density) {
                    fill(struct, component);
                }
            }
            return struct;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fill(org.apache.kafka.common.protocol.Message struct, RecordComponent component)
            throws ReflectiveOperationException {
        Object before = struct.getClass().getMethod(component.getName()).invoke(struct);
        Method setter = setter(struct.getClass(), component.getName());
        boolean isNull = component.getAnnotatedType().isAnnotationPresent(Nullable.class) && random.nextInt(5) == 0;
        set(setter, struct, isNull ? null : value(component.getGenericType(), setter.getParameterTypes()[0]));
        if (version != ANY_VERSION && !isSayable(struct)) {
            setter.invoke(struct, before);
        }
    }

    private boolean isSayable(org.apache.kafka.common.protocol.Message struct) {
        try {
            MessageUtil.toByteBufferAccessor(struct, version);
            return true;
        } catch (org.apache.kafka.common.errors.UnsupportedVersionException | NullPointerException e) {
            return false;
        }
    }

    private static Method setter(Class<?> type, String name) {
        String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        for (Method method : type.getMethods()) {
            if (method.getName().equals(setter)) {
                return method;
            }
        }
        throw new IllegalStateException(type + " has no " + setter);
    }

    /** Unsigned fields share their Java types with wider signed ones; their setters tell. */
    private static void set(Method setter, Object struct, @Nullable Object value) throws ReflectiveOperationException {
        try {
            setter.invoke(struct, value);
        } catch (InvocationTargetException e) {
            switch (value) {
                case Integer number -> setter.invoke(struct, number & 0xffff);
                case Long number -> setter.invoke(struct, number & 0xffff_ffffL);
                case null, default -> throw e;
            }
        }
    }

    private Object value(Type ours, Class<?> theirs) throws ReflectiveOperationException {
        if (ours instanceof ParameterizedType list) {
            return elements(list.getActualTypeArguments()[0], theirs);
        }
        Class<?> type = (Class<?>) ours;
        if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == byte.class || type == Byte.class) {
            return (byte) random.nextInt();
        } else if (type == short.class || type == Short.class) {
            return (short) random.nextInt();
        } else if (type == int.class || type == Integer.class) {
            return random.nextInt() >>> random.nextInt(32);
        } else if (type == long.class || type == Long.class) {
            return random.nextLong() >>> random.nextInt(64);
        } else if (type == double.class) {
            return random.nextDouble();
        } else if (type == String.class) {
            return text();
        } else if (type == UUID.class) {
            return new Uuid(random.nextLong(), random.nextLong());
        } else if (type == Payload.class) {
            return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes(3000)));
        } else if (type == ByteBuffer.class) {
            return theirs == ByteBuffer.class ? ByteBuffer.wrap(bytes(200)) : bytes(200);
        }
        return struct(Twin.require(twin.theirs().getName() + "$" + type.getSimpleName()), type);
    }

    private Collection<Object> elements(Type element, Class<?> theirs) throws ReflectiveOperationException {
        Collection<Object> list = theirs == List.class ? new ArrayList<>() : collection(theirs);
        int count = random.nextInt(element == Integer.class && random.nextInt(10) == 0 ? 200 : 4);
        for (int i = 0; i < count; i++) {
            list.add(value(element, byte[].class));
        }
        return list;
    }

    @SuppressWarnings("unchecked")
    private static Collection<Object> collection(Class<?> type) throws ReflectiveOperationException {
        return (Collection<Object>) type.getConstructor().newInstance();
    }

    private String text() {
        int letters = random.nextInt(20) == 0 ? 150 : random.nextInt(12);
        StringBuilder text = new StringBuilder();
        int[] alphabet = LETTERS.codePoints().toArray();
        IntStream.range(0, letters).forEach(i -> text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]));
        return text.toString();
    }

    private byte[] bytes(int limit) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(limit) : random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }
}

package nucleus.caps;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A class file: its name, and every class that its constant pool mentions, be it in code, in a signature or in an
 * annotation. The constants of another class are not among them: javac copies their values.
 *
 * @param name with dots
 * @param mentions with dots, itself included
 */
record ClassFile(String name, Set<String> mentions) {

    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");

    static ClassFile of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.skipNBytes(8); // magic and version
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every class below a directory, except for descriptions of modules and packages. */
    static List<ClassFile> below(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".class") && !file.endsWith("module-info.class"))
                    .sorted().map(ClassFile::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassFile of(Path file) {
        try {
            return of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassFile read(DataInputStream in) throws IOException {
        Map<Integer, String> texts = new HashMap<>();
        Map<Integer, Integer> classes = new HashMap<>();
        int count = in.readUnsignedShort();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts.put(i, in.readUTF());
                case 7 -> classes.put(i, in.readUnsignedShort());
                case 8, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                case 5, 6 -> {
                    in.skipNBytes(8);
                    i++; // a long or a double takes two places
                }
                default -> throw new IOException("a constant of unknown kind: " + tag);
            }
        }
        in.skipNBytes(2); // access flags
        String self = texts.get(classes.get(in.readUnsignedShort()));
        Set<String> mentions = new TreeSet<>();
        classes.values().stream().map(texts::get).filter(name -> !name.startsWith("[")).forEach(mentions::add);
        texts.values().stream().flatMap(text -> IN_DESCRIPTOR.matcher(text).results()).map(ClassFile::name)
                .forEach(mentions::add);
        return new ClassFile(dotted(self), Set.copyOf(mentions.stream().map(ClassFile::dotted).toList()));
    }

    private static String name(MatchResult inDescriptor) {
        return inDescriptor.group(1);
    }

    private static String dotted(String name) {
        return name.replace('/', '.');
    }
}

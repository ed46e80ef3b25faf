package nucleus.caps.tool;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilityState;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.FileCapabilities;
import nucleus.caps.Identity;

/** {@code caps file}: does the work of getcap(8) and setcap(8). Follows no symbolic links. */
final class FileCommand {

    private final PrintWriter out;
    private final PrintWriter err;
    private boolean failed;

    private FileCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** {@return whether every file succeeded} Failures are printed, and the other files are still processed. */
    static boolean run(PrintWriter out, PrintWriter err, List<String> words) {
        FileCommand command = new FileCommand(out, err);
        if (words.isEmpty()) {
            throw new UsageException("missing command: file get, file set or file remove");
        }
        List<String> rest = words.subList(1, words.size());
        switch (words.getFirst()) {
            case "get" -> command.get(rest);
            case "set" -> command.set(rest);
            case "remove" -> command.remove(rest);
            default -> throw new UsageException("there is no command \"file " + Line.shown(words.getFirst()) + "\"");
        }
        return !command.failed;
    }

    private void get(List<String> words) {
        List<String> options = words.stream().takeWhile(word -> word.equals("-r") || word.equals("-n")).toList();
        List<Path> paths = paths("get", words.subList(options.size(), words.size()));
        Shown shown = new Shown(Caps.supported(), options.contains("-n"));
        for (Path path : paths) {
            if (options.contains("-r") && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                walk(path, shown);
            } else {
                attempt(() -> show(path, shown));
            }
        }
    }

    /** The format of file capabilities. */
    private record Shown(CapabilitySet supported, boolean rootUid) {
        String text(FileCapabilities capabilities) {
            return capabilities.withRootUid(rootUid ? capabilities.rootUid() : 0).toText(supported);
        }
    }

    /** Like getcap, silently skips what is no regular file. */
    private void show(Path path, Shown shown) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            FileCapabilities.read(path)
                    .ifPresent(capabilities -> out.println(Line.shown(path.toString()) + " " + shown.text(capabilities)));
        }
    }

    private void walk(Path directory, Shown shown) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        attempt(() -> show(file, shown));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    if (!(e instanceof NoSuchFileException)) {
                        fail(Line.shown(e.toString()));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                    if (e != null) {
                        fail(Line.shown(e.toString()));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            fail(Line.shown(e.toString()));
        }
    }

    private void set(List<String> words) {
        long rootUid = 0;
        List<String> rest = words;
        if (!words.isEmpty() && words.getFirst().equals("-n")) {
            if (words.size() < 2 || !words.get(1).matches("[0-9]{1,10}") || Long.parseLong(words.get(1)) < 1
                    || Long.parseLong(words.get(1)) > Identity.MAX_ID) {
                throw new UsageException("-n needs a uid from 1 to " + Identity.MAX_ID);
            }
            rootUid = Long.parseLong(words.get(1));
            rest = words.subList(2, words.size());
        }
        if (rest.isEmpty()) {
            throw new UsageException("file set needs a TEXT, as in cap_net_bind_service=ep, and files");
        }
        FileCapabilities capabilities = parse(rest.getFirst()).withRootUid(rootUid);
        paths("set", rest.subList(1, rest.size())).forEach(path -> attempt(() -> capabilities.write(path)));
    }

    private static FileCapabilities parse(String text) {
        try {
            return FileCapabilities.of(CapabilityState.parse(text, Caps.supported()));
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private void remove(List<String> words) {
        paths("remove", words).forEach(path -> attempt(() -> {
            if (!FileCapabilities.remove(path)) {
                fail(Line.shown(path.toString()) + " has no capabilities");
            }
        }));
    }

    private static List<Path> paths(String command, List<String> words) {
        if (words.isEmpty()) {
            throw new UsageException("file " + command + " needs a file");
        }
        try {
            return words.stream().map(Path::of).toList();
        } catch (IllegalArgumentException e) {
            throw new UsageException(Line.message(e));
        }
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (CapsException e) {
            fail(Line.message(e));
        }
    }

    private void fail(String message) {
        failed = true;
        err.println("caps: " + message);
    }
}

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
import java.util.Set;
import nucleus.caps.CapabilityState;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.FileCapabilities;
import nucleus.caps.Identity;
import nucleus.caps.internal.text.Quoted;

/** {@code caps file}: does the work of getcap(8) and setcap(8). Follows no symbolic links. */
final class FileCommand {

    private static final String JSON = "--json";
    private static final String ROOT_UID = "-n";

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
            default -> throw new UsageException("there is no command " + Quoted.of("file " + words.getFirst()));
        }
        return !command.failed;
    }

    private void get(List<String> words) {
        CommandLine arguments = CommandLine.of("file get", words, Set.of("-r", ROOT_UID, JSON), Set.of());
        List<Path> paths = paths("get", arguments.operands());
        FileListing listing = new FileListing(out, Caps.supported(), arguments.has(ROOT_UID), arguments.has(JSON));
        for (Path path : paths) {
            if (arguments.has("-r") && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                walk(path, listing);
            } else {
                attempt(() -> show(path, listing));
            }
        }
        listing.end();
    }

    /** Like getcap, silently skips what is no regular file. */
    private void show(Path path, FileListing listing) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            FileCapabilities.read(path).ifPresent(capabilities -> listing.add(path, capabilities));
        }
    }

    private void walk(Path directory, FileListing listing) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        attempt(() -> show(file, listing));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    if (!(e instanceof NoSuchFileException)) {
                        fail(Line.unreadable(e));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                    if (e != null) {
                        fail(Line.unreadable(e));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            fail(Line.unreadable(e));
        }
    }

    private void set(List<String> words) {
        CommandLine arguments = CommandLine.of("file set", words, Set.of(), Set.of(ROOT_UID));
        long rootUid = arguments.value(ROOT_UID).map(uid -> Line.number("the uid of -n", uid, 1, Identity.MAX_ID)).orElse(0L);
        List<String> rest = arguments.operands();
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
        CommandLine arguments = CommandLine.of("file remove", words, Set.of(), Set.of());
        paths("remove", arguments.operands()).forEach(path -> attempt(() -> {
            if (!FileCapabilities.remove(path)) {
                fail(Line.shown(path.toString()) + " has no capabilities");
            }
        }));
    }

    private static List<Path> paths(String command, List<String> words) {
        if (words.isEmpty()) {
            throw new UsageException("file " + command + " needs a file");
        }
        if (words.stream().anyMatch(String::isEmpty)) {
            throw new UsageException("file " + command + " needs a file, and the name of one is empty");
        }
        Line.requireText(words);
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

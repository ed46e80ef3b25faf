/** A program for an image of its own. */
module example.image {
    requires nucleus.caps;
}

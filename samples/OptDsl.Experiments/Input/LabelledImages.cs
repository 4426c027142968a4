namespace OptDsl.Experiments;

/// <summary>Images, a row each, and the class of each.</summary>
internal sealed record LabelledImages(CellMatrix Images, byte[] Labels)
{
    /// <summary>Reads the two files of a set such as MNIST's.</summary>
    /// <exception cref="InputException">One is missing or malformed, or they do not belong together.</exception>
    internal static LabelledImages Read(string images, string labels, CancellationToken cancellation)
    {
        // The labels first: they are read in no time.
        byte[] classes = InputFile.ReadLabels(labels);
        CellMatrix matrix = InputFile.Read(images, cancellation);
        if (matrix.Image is null)
        {
            throw new InputException($"{images}: holds no images of two sides; give IDX images.");
        }

        return matrix.Rows == classes.Length ? new(matrix, classes)
            : throw new InputException(
                $"{labels} has {classes.Length} labels, and {images} {matrix.Rows} images; give the labels of these images.");
    }
}

namespace OptDsl.Experiments;

/// <summary>The posteriors of <c>verify --data</c>, and how they are read from a directory laid out like posteriordb's.</summary>
internal static class ReferencePosteriors
{
    private const string Data = "data.json", Moments = "moments.json";

    /// <summary>Their directories, named after data and model, and how each is made of its data.</summary>
    private static readonly (string Directory, Func<PosteriorData, ReferencePosterior> Make, PosteriorRuns Runs)[] All =
    [
        ("eight_schools-eight_schools_noncentered", data => new EightSchools(data),
            new PosteriorRuns { Thinning = 20, LangevinStep = 0.05, UnderdampedStep = 0.2, ShowsBias = true }),
        ("kidiq-kidscore_momiq", data => new KidScore(data), new PosteriorRuns { Thinning = 4, LangevinStep = 0.2, UnderdampedStep = 0.4 }),
        ("low_dim_gauss_mix-low_dim_gauss_mix", data => new GaussianMixture(data),
            new PosteriorRuns { Thinning = 2, LangevinStep = 0.2, UnderdampedStep = 0.4 }),
    ];

    /// <summary>Reads all of them.</summary>
    /// <param name="path">The directory, with one for each posterior in which <c>data.json</c> and <c>moments.json</c> are.</param>
    /// <param name="cancellation">Observed before every posterior.</param>
    /// <exception cref="InputException">
    /// The directory, one in it or a file is missing, or a file's content is not what it should be.
    /// </exception>
    internal static IReadOnlyList<PosteriorSystem> Read(string path, CancellationToken cancellation)
    {
        if (!Directory.Exists(path))
        {
            throw new InputException(
                $"--data {path}: {(File.Exists(path) ? "is a file" : "no such directory")}; give the directory that contains {string.Join(", ", All.Select(entry => entry.Directory))}.");
        }

        // All that are missing at once, before any is read.
        string[] missing = [.. All.Select(entry => entry.Directory).Where(directory => !Directory.Exists(Path.Combine(path, directory)))];
        return missing.Length == 0
            ? [.. All.Select(entry => Read(Path.Combine(path, entry.Directory), entry.Make, entry.Runs, cancellation))]
            : throw new InputException($"--data {path}: has no directory {string.Join(", ", missing)}.");
    }

    private static PosteriorSystem Read(string directory, Func<PosteriorData, ReferencePosterior> make, PosteriorRuns runs,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ReferencePosterior posterior = make(PosteriorData.Read(Path.Combine(directory, Data), "a posterior's data"));
        return new PosteriorSystem(posterior,
            ReferenceMoments.Read(PosteriorData.Read(Path.Combine(directory, Moments), "a reference's moments"), posterior), runs);
    }
}

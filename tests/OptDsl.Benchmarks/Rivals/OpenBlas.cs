using System.Runtime.InteropServices;

namespace OptDsl.Benchmarks;

/// <summary>OpenBLAS on one thread, where it is installed.</summary>
internal sealed unsafe class OpenBlas
{
    private const int RowMajor = 101, NoTranspose = 111;

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> single;
    private readonly delegate* unmanaged<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int,
        void> twice;

    private OpenBlas(nint library)
    {
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(1);
        single = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int,
            void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        twice = (delegate* unmanaged<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int,
            void>)NativeLibrary.GetExport(library, "cblas_dgemm");
    }

    internal static OpenBlas? Load() => NativeLibrary.TryLoad("libopenblas.so.0", out nint library) ? new(library) : null;

    internal void Multiply<T>(T[] a, T[] b, T[] product, int side)
        where T : unmanaged
    {
        fixed (T* pa = a, pb = b, pc = product)
        {
            if (typeof(T) == typeof(float))
            {
                single(RowMajor, NoTranspose, NoTranspose, side, side, side, 1, (float*)pa, side, (float*)pb, side, 0, (float*)pc, side);
            }
            else
            {
                twice(RowMajor, NoTranspose, NoTranspose, side, side, side, 1, (double*)pa, side, (double*)pb, side, 0, (double*)pc, side);
            }
        }
    }
}

"""torch, pandas and numpy."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
import pandas as pd

from tests.corpus.errors.schema import Case

from .labels import NO_OR_UNKNOWN, REPAIRS, UNKNOWN, heals, raised, stays, surfaces, thrown

CLEARING = "CLEAR_CACHE_AND_RETRY ROLLBACK_TRANSACTION USE_DEFAULT_VALUE SKIP_OPERATION"


def torch_error(message: str, name: str = "OutOfMemoryError", module: str = "torch") -> BaseException:
    error_class: Any = type(name, (RuntimeError,), {"__module__": module})
    error: BaseException = error_class(message)
    return thrown(error)


def torch_runtime(message: str) -> BaseException:
    return thrown(RuntimeError(message))


def sales() -> pd.DataFrame:
    return pd.DataFrame({"sku": ["a", "b", "b"], "total": [1.5, None, 2.5]})


def mixed_types_as_error() -> BaseException:
    def act() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.warn(
                "Columns (7: zip) have mixed types. Specify dtype option on import or set low_memory=False.",
                pd.errors.DtypeWarning,
                stacklevel=2,
            )

    return raised(act)


def overflow_as_error() -> BaseException:
    def act() -> None:
        with np.errstate(all="raise"):
            np.float64(1e300) * np.float64(1e300)

    return raised(act)


def merge_twice() -> BaseException:
    return raised(lambda: sales().merge(sales(), on="sku", validate="one_to_one"))


CASES: list[Case] = [
    heals(
        "torch_gpu_out_of_memory",
        lambda: torch_error(
            "CUDA out of memory. Tried to allocate 512.00 MiB. GPU 0 has a total capacity of 23.69 GiB of which 310.00 "
            "MiB is free. Process 4123 has 18.90 GiB memory in use. Of the allocated memory 3.80 GiB is allocated by "
            "PyTorch"
        ),
        "resource",
        "RETRY_WITH_BACKOFF SURFACE QUEUE_FOR_LATER",
        NO_OR_UNKNOWN,
        "Another process holds most of the GPU's memory for now.",
        harmful=CLEARING,
    ),
    heals(
        "torch_gpu_out_of_memory_in_older_releases",
        lambda: torch_error(
            "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 15.78 GiB total capacity; 14.10 GiB already "
            "allocated; 11.75 MiB free; 14.31 GiB reserved in total by PyTorch)",
            module="torch.cuda",
        ),
        "resource",
        "RETRY_WITH_BACKOFF SURFACE QUEUE_FOR_LATER",
        NO_OR_UNKNOWN,
        "Concurrent requests share the GPU; its memory becomes free when they end.",
        harmful=CLEARING,
    ),
    surfaces(
        "torch_device_side_assert",
        lambda: torch_runtime(
            "CUDA error: device-side assert triggered\nCUDA kernel errors might be asynchronously reported at some "
            "other API call, so the stacktrace below might be incorrect."
        ),
        "programming validation",
        "An index was out of range on the GPU: a bug, and the process's GPU is unusable.",
    ),
    surfaces(
        "torch_no_kernel_image",
        lambda: torch_runtime("CUDA error: no kernel image is available for execution on the device"),
        "configuration",
        "This build of torch does not support this GPU.",
    ),
    surfaces(
        "torch_no_driver",
        lambda: torch_runtime(
            "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver"
        ),
        "configuration",
        "The machine has no driver.",
    ),
    surfaces(
        "torch_shapes_do_not_multiply",
        lambda: torch_runtime("mat1 and mat2 shapes cannot be multiplied (32x512 and 500x10)"),
        "programming validation",
        "The layers do not fit together.",
    ),
    surfaces(
        "torch_two_devices",
        lambda: torch_runtime(
            "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
        ),
        "programming",
        "A tensor was not moved to the GPU.",
    ),
    surfaces(
        "torch_state_dict_mismatch",
        lambda: torch_runtime(
            "Error(s) in loading state_dict for Classifier:\n\tsize mismatch for fc.weight: copying a param with shape "
            "torch.Size([429, 512]) from checkpoint, the shape in current model is torch.Size([503, 512])."
        ),
        "programming configuration validation",
        "The checkpoint belongs to another model.",
    ),
    heals(
        "torch_data_loader_worker_killed",
        lambda: torch_runtime("DataLoader worker (pid 12) is killed by signal: Killed. "),
        "concurrency resource",
        "RETRY_WITH_BACKOFF SURFACE",
        UNKNOWN | NO_OR_UNKNOWN,
        "A worker was killed, most likely for its memory.",
        harmful=CLEARING,
    ),
    heals(
        "torch_nccl_remote_process_gone",
        lambda: torch_error(
            "NCCL error in: ../torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:1333, remote process exited or there "
            "was a network error, NCCL version 2.21.5",
            name="DistBackendError",
            module="torch.distributed",
        ),
        "network concurrency",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SURFACE",
        UNKNOWN,
        "Another machine of the group was lost.",
        harmful=CLEARING,
    ),
    surfaces(
        "pandas_no_such_column",
        lambda: raised(lambda: sales()["totl"]),
        "programming validation",
        "A misspelt column: a KeyError with two more of them behind it.",
    ),
    surfaces(
        "pandas_merge_not_one_to_one",
        merge_twice,
        "validation programming",
        "The keys are not unique as promised.",
    ),
    surfaces(
        "pandas_cannot_tokenize",
        lambda: raised(lambda: pd.read_csv(io.StringIO("a,b\n1,2\n1,2,3\n"))),
        "validation",
        "A line has more fields than the header.",
    ),
    surfaces(
        "pandas_empty_file",
        lambda: raised(lambda: pd.read_csv(io.StringIO(""))),
        "validation",
        "The file has no columns.",
    ),
    surfaces(
        "pandas_date_out_of_bounds",
        lambda: raised(lambda: pd.Timestamp("9999-12-31").as_unit("ns")),
        "validation",
        "A date for ever that nanoseconds cannot express.",
    ),
    surfaces(
        "pandas_nan_to_integer",
        lambda: raised(lambda: sales()["total"].astype(int)),
        "validation programming",
        "A missing value cannot become a whole number.",
    ),
    surfaces(
        "pandas_mixed_types_warning_as_error",
        mixed_types_as_error,
        "validation programming",
        "A warning that the settings turn into an error: the column mixes types.",
    ),
    surfaces(
        "pandas_truth_of_a_series",
        lambda: raised(lambda: bool(sales()["total"] > 1)),
        "programming",
        "A whole column is used as a condition.",
    ),
    surfaces(
        "pandas_column_of_the_wrong_length",
        lambda: raised(lambda: sales().assign(rank=[1, 2])),
        "programming validation",
        "Two values for three rows.",
    ),
    surfaces(
        "pandas_query_with_unknown_name",
        lambda: raised(lambda: sales().query("profit > 1")),
        "programming",
        "The expression names a column that is not there.",
    ),
    surfaces(
        "pandas_optional_dependency_missing",
        lambda: thrown(
            ImportError(
                "Missing optional dependency 'openpyxl'.  Use pip or conda to install openpyxl.", name="openpyxl"
            )
        ),
        "configuration",
        "The package that reads Excel files is not installed.",
    ),
    surfaces(
        "numpy_singular_matrix",
        lambda: raised(lambda: np.linalg.inv(np.zeros((2, 2)))),
        "validation programming",
        "The matrix has no inverse.",
    ),
    surfaces(
        "numpy_cannot_broadcast",
        lambda: raised(lambda: np.ones(3) + np.ones(4)),
        "programming validation",
        "The shapes do not go together.",
    ),
    stays(
        "numpy_array_far_too_large",
        lambda: raised(lambda: np.zeros((10**6, 10**9))),
        "resource programming",
        "No machine has this much memory; waiting does not change that.",
        harmful=f"RETRY_WITH_BACKOFF {REPAIRS}",
    ),
    surfaces(
        "numpy_cannot_reshape",
        lambda: raised(lambda: np.arange(10).reshape(3, 4)),
        "programming validation",
        "Ten values do not fill three rows of four.",
    ),
    surfaces(
        "numpy_ragged_rows",
        lambda: raised(lambda: np.array([[1, 2], [3]], dtype=float)),
        "validation programming",
        "The rows differ in length.",
    ),
    surfaces(
        "numpy_floating_point_overflow",
        overflow_as_error,
        "validation programming",
        "The product is too large.",
    ),
]
